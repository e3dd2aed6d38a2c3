// SPDX-License-Identifier: Apache-2.0
// Network namespaces without names: one lives as long as a descriptor of it is open, so the kernel takes it away, with
// its interfaces, however this process ends.
#pragma once
#include <string>
#include <string_view>

namespace turnpike::diff {

class NetNamespace {
  public:
    /// A new, empty one. Throws EnvironmentError (not root, no namespaces in this kernel).
    NetNamespace();
    ~NetNamespace();
    NetNamespace(const NetNamespace&) = delete;
    NetNamespace& operator=(const NetNamespace&) = delete;
    int descriptor() const { return descriptor_; }
    /// A path by which `ip` of a child process finds it.
    std::string path() const;

  private:
    int descriptor_;
};

/// The calling thread, and the processes it starts, are in the namespace while this lives.
class Inside {
  public:
    explicit Inside(const NetNamespace& space);
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

  private:
    int previous_;
};

/// Writes a sysctl of the namespace that the thread is in, by its dotted name. False: this kernel does not have it.
/// Throws EnvironmentError when it is there and cannot be written.
bool write_sysctl(std::string_view name, std::string_view value);

/// Switches an interface's checksum and segmentation offloads and GRO off.
void disable_offloads(const std::string& interface);

}  // namespace turnpike::diff
