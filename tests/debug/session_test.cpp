// SPDX-License-Identifier: Apache-2.0
// The protocol's packets against a core (gdb manual, appendix E.2 to E.4, G).
#include "models/debug/session.h"

#include <gmock/gmock.h>

#include "models/debug/packet.h"
#include "models/debug/registers.h"
#include "tests/debug/guest_target.h"

namespace turnpike::gdb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SessionTest : public testing::Test {
  protected:
    SessionTest() {
        target.guest.load({0x90, 0x90, 0xF4});
        target.guest.core.start(cpu::Guest::kCode, cpu::Guest::kStack);
    }
    std::string ask(std::string_view packet) {
        const Answer answer = session.handle(packet);
        EXPECT_EQ(answer.then, Then::stay);
        EXPECT_EQ(answer.packets.size(), 1u);
        return answer.packets.empty() ? "" : answer.packets[0];
    }
    GuestTarget target;
    Points points;
    Session session{target, points};
};

TEST_F(SessionTest, FeaturesAreNegotiatedAndUnknownPacketsAnsweredEmpty) {
    EXPECT_THAT(ask("qSupported:multiprocess+;swbreak+;vContSupported+"), HasSubstr("qXfer:features:read+"));
    EXPECT_EQ(ask("vMustReplyEmpty"), "");
    EXPECT_EQ(ask("qTStatus"), "");
    EXPECT_EQ(ask("!"), "");
    EXPECT_EQ(ask("QStartNoAckMode"), "OK");
    EXPECT_TRUE(session.no_acknowledgements());
}

TEST_F(SessionTest, TheDescriptionIsReadInPieces) {
    std::string xml;
    for (std::string part = "m"; part[0] == 'm';) {
        part = ask("qXfer:features:read:target.xml:" + [&] {
            char at[32];
            std::snprintf(at, sizeof at, "%zx,100", xml.size());
            return std::string(at);
        }());
        xml += unescape(part.substr(1));
    }
    EXPECT_EQ(xml, target_xml());
    EXPECT_THAT(xml, HasSubstr("i386:x86-64"));
    EXPECT_EQ(ask("qXfer:features:read:other.xml:0,100"), "E00");
}

TEST_F(SessionTest, RegistersComeLittleEndianInGdbsOrder) {
    cpu::Core& core = target.guest.core;
    core.set_reg(cpu::RBX, 0x0102030405060708);
    EXPECT_EQ(ask("p1"), "0807060504030201");   // rbx is number 1 to gdb and 3 to the hardware
    EXPECT_EQ(ask("p10"), "0010000000000000");  // rip
    EXPECT_EQ(ask("p11"), "02000000");          // eflags: bit 1 is always set
    EXPECT_EQ(ask("p12"), "08000000");          // cs
    EXPECT_EQ(ask("p99"), "E16");
    EXPECT_EQ(ask("P7=efcdab8967452301"), "OK");
    EXPECT_EQ(core.reg(cpu::RSP), 0x0123456789ABCDEFu);
    EXPECT_EQ(ask("P7=ef"), "E16");
    EXPECT_EQ(ask("P12=10000000"), "E16");
    const std::string all = ask("g");
    // 16 general and rip of 8 bytes, eflags and six segments of 4, eight of 10, eight of 4, two bases and six system
    // registers of 8.
    EXPECT_EQ(all.size(), 2u * (17 * 8 + 7 * 4 + 8 * 10 + 8 * 4 + 2 * 8 + 6 * 8));
    std::string changed = all;
    changed.replace(0, 16, "1100000000000000");
    EXPECT_EQ(ask("G" + changed), "OK");
    EXPECT_EQ(core.reg(cpu::RAX), 0x11u);
    EXPECT_EQ(ask("G1234"), "E16");
}

TEST_F(SessionTest, MemoryIsReadAndWrittenInHexadecimalAndBinary) {
    EXPECT_EQ(ask("M40000,3:010203"), "OK");
    EXPECT_EQ(ask("m40000,4"), "01020300");
    EXPECT_EQ(ask("X40000,2:}\x03"
                  "A"),
              "OK");
    EXPECT_EQ(ask("m40000,3"), "234103");
    EXPECT_EQ(ask("X40000,0:"), "OK");
    EXPECT_EQ(ask("M40000,3:0102"), "E16");
    EXPECT_EQ(ask("m"), "E16");
}

TEST_F(SessionTest, MemoryThatIsNotThereIsAnErrorAndItsFirstHalfIsRead) {
    EXPECT_EQ(ask("mffffe,4"), "0000");  // the guest has 1 MiB
    EXPECT_EQ(ask("m100000,4"), "E0e");
    EXPECT_EQ(ask("m8000000000000000,4"), "E0e");
    EXPECT_EQ(ask("M100000,1:00"), "E0e");
}

TEST_F(SessionTest, ContinueAndStepSayWhichCore) {
    EXPECT_EQ(session.handle("c").then, Then::run);
    EXPECT_EQ(session.handle("s").then, Then::step);
    EXPECT_EQ(session.handle("C05").then, Then::run);
    EXPECT_EQ(session.handle("S05;1001").then, Then::step);
    EXPECT_EQ(target.guest.core.rip(), 0x1001u);
    EXPECT_EQ(session.handle("vCont;c").then, Then::run);
    const Answer step = session.handle("vCont;s:1;c");
    EXPECT_EQ(step.then, Then::step);
    EXPECT_EQ(step.core, 0u);
    EXPECT_EQ(session.handle("vCont;c;s:-1").then, Then::run);  // the leftmost counts
    EXPECT_EQ(ask("vCont;s:2"), "E16");
    EXPECT_EQ(ask("vCont;x"), "E16");
    EXPECT_EQ(ask("vCont;"), "E16");
    EXPECT_EQ(ask("cxyz"), "E16");
}

// vCont without an action for all threads leaves the others stopped (gdb manual E.2).
TEST_F(SessionTest, OfSeveralCoresItIsToldWhetherTheOthersMayGoOn) {
    target.cores_told = 2;
    const Answer alone = session.handle("vCont;s:2");
    EXPECT_EQ(alone.then, Then::step);
    EXPECT_EQ(alone.core, 1u);
    EXPECT_TRUE(alone.others_held);
    EXPECT_TRUE(session.handle("vCont;c:1").others_held);
    EXPECT_FALSE(session.handle("vCont;s:2;c").others_held);
    EXPECT_FALSE(session.handle("vCont;c:-1").others_held);
    EXPECT_FALSE(session.handle("c").others_held);
}

TEST_F(SessionTest, SystemRegistersAreReadAndNotWritten) {
    EXPECT_EQ(ask("p2a"), "1100008000000000");  // cr0: PG, ET, PE
    EXPECT_EQ(ask("P2a=1100000000000000"), "E16");
    EXPECT_EQ(ask("P28=0040000000000000"), "OK");  // fs_base
    EXPECT_EQ(target.guest.core.segment_base(4), 0x4000u);
    EXPECT_EQ(ask("P28=0000000000800000"), "E16");  // not canonical
    EXPECT_EQ(ask("P10=0000000000800000"), "E16");  // nor is this RIP
}

TEST_F(SessionTest, PointsAreSetAndRemoved) {
    EXPECT_EQ(ask("Z0,1001,1"), "OK");
    EXPECT_TRUE(points.breakpoint_in(0x1001, 0x1002));
    EXPECT_EQ(ask("z0,1001,1"), "OK");
    EXPECT_FALSE(points.breakpoint_in(0x1001, 0x1002));
    EXPECT_EQ(ask("Z2,40000,8"), "OK");
    EXPECT_TRUE(points.hit(0x40004, 1, true));
    EXPECT_EQ(ask("Z5,0,1"), "");
    EXPECT_EQ(ask("Z2,40000,0"), "E16");
}

TEST_F(SessionTest, AStopNamesItsReasonAndThread) {
    ask("qSupported:swbreak+");
    Stop stop;
    stop.reason = Stop::Reason::breakpoint;
    EXPECT_EQ(session.stopped(stop), "T05swbreak:;thread:1;");
    stop.reason = Stop::Reason::watchpoint;
    stop.watchpoint = {PointKind::read, 0x40000, 4};
    EXPECT_EQ(session.stopped(stop), "T05rwatch:40000;thread:1;");
    EXPECT_EQ(ask("?"), "T05rwatch:40000;thread:1;");
}

TEST_F(SessionTest, CoresAreThreads) {
    EXPECT_EQ(ask("qfThreadInfo"), "m1");
    EXPECT_EQ(ask("qsThreadInfo"), "l");
    EXPECT_EQ(ask("qC"), "QC1");
    EXPECT_EQ(ask("T1"), "OK");
    EXPECT_EQ(ask("T2"), "E01");
    EXPECT_EQ(ask("Hg1"), "OK");
    EXPECT_EQ(ask("Hc-1"), "OK");
    EXPECT_EQ(ask("Hg2"), "E16");
    EXPECT_EQ(ask("qThreadExtraInfo,1"), to_hex("core 0"));
}

TEST_F(SessionTest, MonitorAnswersAreOutputThenOk) {
    const Answer answer = session.handle("qRcmd," + to_hex("time"));
    EXPECT_THAT(answer.packets, ElementsAre(console_output("you said time"), "OK"));
    EXPECT_EQ(ask("qRcmd,7"), "E01");
}

TEST_F(SessionTest, DetachAndKillEndIt) {
    EXPECT_EQ(session.handle("D").then, Then::detach);
    EXPECT_EQ(session.handle("k").then, Then::kill);
    EXPECT_EQ(session.handle("vKill;1").then, Then::kill);
}

}  // namespace
}  // namespace turnpike::gdb
