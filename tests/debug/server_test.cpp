// SPDX-License-Identifier: Apache-2.0
// A guest under a client that speaks the protocol over TCP.
#include "models/debug/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tests/debug/guest_target.h"

namespace turnpike::gdb {
namespace {

class Client {
  public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(socket_); }
    void raw(std::string_view bytes) {
        EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
    }
    /// The body of the next packet; "closed" at the end of the connection.
    std::string answer() {
        std::string body;
        for (;;) {
            const auto kind = reader_.next(body);
            if (kind == PacketReader::Kind::packet) return body;
            if (kind == PacketReader::Kind::repeat) return "-";
            if (kind != PacketReader::Kind::none) continue;
            char bytes[512];
            const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
            if (count <= 0) return "closed";
            reader_.feed({bytes, static_cast<std::size_t>(count)});
        }
    }
    std::string ask(std::string_view body) {
        raw(framed(body));
        return answer();
    }
    bool connected = false;

  private:
    int socket_;
    PacketReader reader_;
};

/// Runs the guest in a thread; the test is gdb.
class ServerTest : public testing::Test {
  protected:
    void start(std::initializer_list<cpu::u8> code) {
        target.guest.load(code);
        target.guest.core.start(cpu::Guest::kCode, cpu::Guest::kStack);
        client = std::make_unique<Client>(server.port());
        ASSERT_TRUE(client->connected);
        server.wait_for_gdb();
        server.attach(target);
        machine = std::thread([this] {
            stop = target.guest.run(~0ULL);
            if (stop == cpu::Stop::shutdown) server.died(0);
            server.exited(7);
        });
    }
    void TearDown() override {
        client.reset();
        if (machine.joinable()) machine.join();
    }
    GuestTarget target;
    Server server{0};
    std::unique_ptr<Client> client;
    std::thread machine;
    cpu::Stop stop = cpu::Stop::limit;
};

// 1000: inc eax; inc eax; mov [0x40000], eax; mov ecx, [0x40000]; hlt
constexpr std::initializer_list<cpu::u8> kProgram = {0xFF, 0xC0, 0xFF, 0xC0, 0x89, 0x04, 0x25, 0x00, 0x00, 0x04,
                                                     0x00, 0x8B, 0x0C, 0x25, 0x00, 0x00, 0x04, 0x00, 0xF4};

TEST_F(ServerTest, TheMachineWaitsStepsAndStopsAtABreakpoint) {
    start(kProgram);
    EXPECT_EQ(client->ask("?"), "T02thread:1;");
    EXPECT_EQ(client->ask("p10"), "0010000000000000");
    EXPECT_EQ(client->ask("s"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "0210000000000000");
    EXPECT_EQ(client->ask("p0"), "0100000000000000");
    EXPECT_EQ(client->ask("Z0,100b,1"), "OK");
    EXPECT_EQ(client->ask("c"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "0b10000000000000");
    EXPECT_EQ(client->ask("m40000,4"), "02000000");
    EXPECT_EQ(client->ask("s"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "1210000000000000");
    EXPECT_EQ(client->ask("c"), "W07");
    EXPECT_EQ(client->answer(), "closed");
}

TEST_F(ServerTest, AStepFromAnotherAddressOrOverChangedCodeIsOneInstruction) {
    start(kProgram);
    EXPECT_EQ(client->ask("P10=0410000000000000"), "OK");
    EXPECT_EQ(client->ask("s"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "0b10000000000000");
    EXPECT_EQ(client->ask("M100b,7:90909090909090"), "OK");
    EXPECT_EQ(client->ask("s"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "0c10000000000000");
    EXPECT_EQ(client->ask("c"), "W07");
}

TEST_F(ServerTest, WatchpointsStopBehindTheInstructionAndSteppingGoesOnFromThere) {
    start(kProgram);
    EXPECT_EQ(client->ask("Z2,40002,1"), "OK");
    EXPECT_EQ(client->ask("Z3,40000,1"), "OK");
    EXPECT_EQ(client->ask("c"), "T05watch:40002;thread:1;");
    EXPECT_EQ(client->ask("p10"), "0b10000000000000");
    EXPECT_EQ(client->ask("z3,40000,1"), "OK");
    EXPECT_EQ(client->ask("s"), "T05thread:1;");
    EXPECT_EQ(client->ask("p10"), "1210000000000000");
    EXPECT_EQ(client->ask("c"), "W07");
}

TEST_F(ServerTest, CtrlCStopsARunawayLoopAndKillEndsTheMachine) {
    start({0xEB, 0xFE});  // jmp .
    client->raw(framed("c"));
    client->raw("\x03");
    EXPECT_EQ(client->answer(), "T02thread:1;");
    EXPECT_EQ(client->ask("P10=0020000000000000"), "OK");
    EXPECT_EQ(client->ask("M2000,1:f4"), "OK");
    client->raw(framed("k"));
    EXPECT_EQ(client->answer(), "closed");
    machine.join();
    EXPECT_TRUE(target.killed);
    EXPECT_TRUE(server.killed());
    EXPECT_EQ(stop, cpu::Stop::halt);
}

TEST_F(ServerTest, AfterDetachingTheMachineRunsOnAndANewGdbMayCome) {
    start({0xEB, 0xFE});
    EXPECT_EQ(client->ask("Z0,1000,1"), "OK");
    EXPECT_EQ(client->ask("D"), "OK");
    EXPECT_EQ(client->answer(), "closed");
    client = std::make_unique<Client>(server.port());
    ASSERT_TRUE(client->connected);
    EXPECT_EQ(client->ask("?"), "T02thread:1;");
    EXPECT_EQ(client->ask("M1000,1:f4"), "OK");
    EXPECT_EQ(client->ask("P10=0010000000000000"), "OK");
    EXPECT_EQ(client->ask("c"), "W07");
}

TEST_F(ServerTest, AGdbThatVanishesLetsTheMachineRunOn) {
    start(kProgram);
    EXPECT_EQ(client->ask("Z0,1004,1"), "OK");
    client.reset();
    machine.join();
    EXPECT_EQ(stop, cpu::Stop::halt);
    EXPECT_EQ(target.guest.core.reg(cpu::RCX), 2u);
}

TEST_F(ServerTest, ACoreThatShutsDownCanBeLookedAt) {
    start({0x0F, 0x0B});  // ud2, and no IDT
    EXPECT_EQ(client->ask("c"), "T06thread:1;");
    EXPECT_EQ(client->ask("p10"), "0010000000000000");
    EXPECT_EQ(client->ask("c"), "W07");
}

TEST_F(ServerTest, DamagedPacketsAreAskedForAgain) {
    start(kProgram);
    client->raw("$g#00");
    EXPECT_EQ(client->answer(), "-");
    EXPECT_EQ(client->ask("qC"), "QC1");
    EXPECT_EQ(client->ask("c"), "W07");
}

TEST(ServerPort, OneThatIsTakenIsRefusedWithItsNumber) {
    Server first(0);
    try {
        Server second(first.port());
        FAIL() << "the port was taken twice";
    } catch (const ServerError& error) {
        EXPECT_NE(std::string(error.what()).find(std::to_string(first.port())), std::string::npos);
    }
}

}  // namespace
}  // namespace turnpike::gdb
