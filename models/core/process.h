// SPDX-License-Identifier: Apache-2.0
// What goes on over time, written as straight-line code: coroutines that wait for a Signal or for each other. They run
// inside alarms and inside whoever wakes them, need no stack of their own, and work with and without SystemC's kernel.
#pragma once
#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "models/core/agenda.h"

namespace turnpike {

/// Memory of coroutines, used again: one is made for each frame and for each bus transaction.
class CoroutineMemory {
  public:
    static void* allocate(std::size_t bytes) {
        const std::size_t size = size_of(bytes);
        if (size >= kSizes || free_[size].empty()) return ::operator new(rounded(bytes));
        void* block = free_[size].back();
        free_[size].pop_back();
        return block;
    }
    static void release(void* block, std::size_t bytes) {
        const std::size_t size = size_of(bytes);
        if (size >= kSizes) return ::operator delete(block);
        free_[size].push_back(block);
    }

  private:
    static constexpr std::size_t kUnit = 64, kSizes = 32;
    static std::size_t size_of(std::size_t bytes) { return (bytes + kUnit - 1) / kUnit; }
    static std::size_t rounded(std::size_t bytes) { return size_of(bytes) * kUnit; }
    struct Blocks : std::vector<void*> {
        ~Blocks() {
            for (void* block : *this) ::operator delete(block);
        }
    };
    static inline std::array<Blocks, kSizes> free_;
};

struct PooledPromise {
    static void* operator new(std::size_t bytes) { return CoroutineMemory::allocate(bytes); }
    static void operator delete(void* block, std::size_t bytes) { CoroutineMemory::release(block, bytes); }
    void unhandled_exception() { std::terminate(); }
};

/// Begins when it is called and is ended by its owner's end.
class [[nodiscard]] Process {
  public:
    struct promise_type : PooledPromise {
        Process get_return_object() { return Process(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
    };
    Process() = default;
    Process(Process&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Process& operator=(Process&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Process() {
        if (handle_) handle_.destroy();
    }

  private:
    explicit Process(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

/// A part of a Process: begins when it is awaited, and answers with a T.
template <typename T>
class [[nodiscard]] Task {
  public:
    struct promise_type : PooledPromise {
        struct End {
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
                if (const auto then = ended.promise().then) then.resume();
            }
            void await_resume() noexcept {}
        };
        Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        End final_suspend() noexcept { return {}; }
        void return_value(T answer) { value = std::move(answer); }
        T value{};
        std::coroutine_handle<> then;
    };
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    ~Task() {
        if (handle_) handle_.destroy();
    }

    bool await_ready() {
        handle_.resume();
        return handle_.done();
    }
    void await_suspend(std::coroutine_handle<> caller) { handle_.promise().then = caller; }
    T await_resume() { return std::move(handle_.promise().value); }

  private:
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    std::coroutine_handle<promise_type> handle_;
};

/// Wakes the processes that wait for it. One that wakes looks whether what it waited for has come.
class Signal {
  public:
    explicit Signal(const std::string& name) : alarm_(name, [this] { wake(); }) {}

    void notify() {
        if (!waiting_.empty()) alarm_.now();
    }
    void notify_at(std::uint64_t ps) { alarm_.at(ps); }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> process) { waiting_.push_back(process); }
    void await_resume() const {}

  private:
    void wake() {
        woken_.swap(waiting_);
        for (const std::coroutine_handle<> process : woken_) process.resume();
        woken_.clear();
    }
    std::vector<std::coroutine_handle<>> waiting_, woken_;
    Alarm alarm_;
};

}  // namespace turnpike
