// SPDX-License-Identifier: Apache-2.0
// Reads a TOML document key by key: every wrong type, range or key nobody asked for is an error with its place.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.h"

namespace turnpike::config {

class TomlTable;

/// A parsed document and the overrides laid over it.
class TomlDocument {
  public:
    /// Reads a file; an error where it is missing or not TOML. `what` says what was expected there.
    static TomlDocument read(const std::filesystem::path& file, std::string_view what);
    static TomlDocument parse(const std::string& file, std::string_view text);
    TomlDocument(TomlDocument&&) noexcept;
    TomlDocument& operator=(TomlDocument&&) noexcept;
    ~TomlDocument();

    /// Lays "dotted.key=value" over the document. The value is TOML, or a bare string where it is not. In an array of
    /// tables a name (or an index from 0) chooses the element. `under` stands before the key.
    void override_with(const std::string& assignment, const std::string& under = "");

    TomlTable root() const;

    struct Data;

  private:
    explicit TomlDocument(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

/// A value where it stands, for checks that the reader does not know.
class TomlValue {
  public:
    TomlValue(const TomlDocument::Data* document, const void* node, std::string path)
        : document_(document), node_(node), path_(std::move(path)) {}

    std::uint64_t as_u64(std::uint64_t least, std::uint64_t most) const;
    double as_real(double least, double most) const;
    bool as_bool() const;
    std::string as_text() const;
    std::vector<TomlValue> as_array() const;
    bool is_text() const;
    bool is_bool() const;

    /// "found VALUE, expected EXPECTED" at this place.
    [[noreturn]] void fail(std::string_view expected) const;
    /// Any message at this place.
    [[noreturn]] void fail_with(const std::string& message) const;

  private:
    const TomlDocument::Data* document_;
    const void* node_;
    std::string path_;
};

/// A table; `finish` fails on a key that was not asked for.
class TomlTable {
  public:
    TomlTable(const TomlDocument::Data* document, const void* table, std::string path)
        : document_(document), table_(table), path_(std::move(path)) {}

    std::optional<TomlValue> value(std::string_view key);
    /// Absent tables read as empty ones.
    TomlTable table(std::string_view key);
    /// The tables of `[[key]]`.
    std::vector<TomlTable> tables(std::string_view key);

    void read(std::string_view key, std::uint64_t& into, std::uint64_t least, std::uint64_t most);
    void read(std::string_view key, double& into, double least, double most);
    void read(std::string_view key, std::string& into);
    void read(std::string_view key, bool& into);
    /// One of "a|b|c".
    void read_choice(std::string_view key, std::string& into, std::string_view choices);

    void finish() const;
    /// Where the table begins in its file; 0 for one that is absent.
    unsigned line() const;
    /// A mistake of the table as a whole.
    [[noreturn]] void fail(const std::string& message) const;

  private:
    std::string path_of(std::string_view key) const;
    const TomlDocument::Data* document_;
    const void* table_;  ///< null: absent
    std::string path_;
    std::vector<std::string> known_;
};

/// "software|tlm|rtl" as "software, tlm or rtl".
std::string choices_text(std::string_view choices);

}  // namespace turnpike::config
