// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "config/toml_data.h"

namespace turnpike::config {
namespace {

struct Key {
    toml::table* table;
    std::string name;
    std::string path;  ///< with an index where the user gave a name
};

[[noreturn]] void fail(const std::string& origin, std::string_view found, std::string_view expected) {
    throw Error(origin, 0, 0, found_expected(found, expected));
}

std::vector<std::string> split(const std::string& key, const std::string& origin) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (true) {
        const std::size_t dot = key.find('.', from);
        parts.push_back(key.substr(from, dot - from));
        if (parts.back().empty()) fail(origin, in_quotes(key), "a dotted key, as cpu.freq_mhz");
        if (dot == std::string::npos) return parts;
        from = dot + 1;
    }
}

/// An element of an array of tables by its name or its index.
std::size_t element(const toml::array& array, const std::string& which, const std::string& origin) {
    std::string names;
    for (std::size_t i = 0; i < array.size(); ++i) {
        const auto* table = array[i].as_table();
        const std::string name = table == nullptr ? "" : (*table)["name"].value_or(fmt::format("eth{}", i));
        if (name == which) return i;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    std::size_t index = 0;
    const char* end = which.data() + which.size();
    const auto [stop, error] = std::from_chars(which.data(), end, index);
    if (error != std::errc() || stop != end || index >= array.size()) {
        fail(origin, in_quotes(which), fmt::format("one of {} or an index below {}", names, array.size()));
    }
    return index;
}

/// The tables on the way to a key; those that the document does not have are made, and remembered as overridden.
class Path {
  public:
    Path(TomlDocument::Data& data, const std::string& origin) : data_(data), origin_(origin), table_(&data.root) {}

    Key locate(const std::vector<std::string>& parts) {
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            if (toml::array* array = array_at(parts[i])) {
                if (i + 2 >= parts.size()) fail(origin_, in_quotes(parts[i]), "a name or an index and a key behind it");
                path_ += parts[i] + ".";
                descend(*array, parts[++i]);
            } else {
                descend(parts[i]);
            }
        }
        return {table_, parts.back(), path_ + parts.back()};
    }

  private:
    toml::array* array_at(const std::string& name) {
        toml::node* node = table_->get(name);
        return node == nullptr ? nullptr : node->as_array();
    }

    void descend(const std::string& name) {
        toml::node* node = table_->get(name);
        if (node == nullptr) {
            node = &table_->insert(name, toml::table{}).first->second;
            data_.overrides[path_ + name] = origin_;
        }
        enter(*node, name);
        path_ += name + ".";
    }

    void descend(toml::array& array, const std::string& which) {
        const std::size_t index = element(array, which, origin_);
        enter(array[index], which);
        path_ += fmt::format("{}.", index);
    }

    void enter(toml::node& node, const std::string& name) {
        if (!node.is_table()) fail(origin_, in_quotes(name) + ", which is not a table", "a table's key");
        table_ = node.as_table();
    }

    TomlDocument::Data& data_;
    const std::string& origin_;
    toml::table* table_;
    std::string path_;
};

/// A value that is not TOML is a text without its quotes. Only one line: "1\nx = 2" must not smuggle a second key in.
void assign(toml::table& table, const std::string& key, const std::string& text) {
    if (text.find('\n') == std::string::npos) {
        try {
            toml::table parsed = toml::parse("value = " + text);
            if (toml::node* value = parsed.get("value"); value != nullptr && parsed.size() == 1) {
                value->visit([&](auto& concrete) { table.insert_or_assign(key, std::move(concrete)); });
                return;
            }
        } catch (const toml::parse_error&) {
            table.insert_or_assign(key, text);
            return;
        }
    }
    table.insert_or_assign(key, text);
}

}  // namespace

TomlDocument::TomlDocument(std::unique_ptr<Data> data) : data_(std::move(data)) {}
TomlDocument::TomlDocument(TomlDocument&&) noexcept = default;
TomlDocument& TomlDocument::operator=(TomlDocument&&) noexcept = default;
TomlDocument::~TomlDocument() = default;

TomlDocument TomlDocument::read(const std::filesystem::path& file, std::string_view what) {
    std::error_code ignored;
    std::ifstream in(file, std::ios::binary);
    if (!in || !std::filesystem::is_regular_file(file, ignored)) {
        throw Error(file.string(), 0, 0, found_expected("no such file", what));
    }
    return parse(file.string(), std::string(std::istreambuf_iterator<char>(in), {}));
}

TomlDocument TomlDocument::parse(const std::string& file, std::string_view text) {
    auto data = std::make_unique<Data>();
    data->file = file;
    try {
        data->root = toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        const auto place = error.source().begin;
        throw Error(file, place.line, place.column,
                    found_expected(fmt::format("text that is not TOML ({})", error.description()), "TOML v1.0"));
    }
    return TomlDocument(std::move(data));
}

void TomlDocument::override_with(const std::string& assignment, const std::string& under) {
    const std::string origin = "--set " + assignment;
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) fail(origin, in_quotes(assignment), "KEY=VALUE");
    const Key key = Path(*data_, origin).locate(split(under + assignment.substr(0, equals), origin));
    assign(*key.table, key.name, assignment.substr(equals + 1));
    data_->overrides[key.path] = origin;
}

TomlTable TomlDocument::root() const { return TomlTable(data_.get(), &data_->root, ""); }

}  // namespace turnpike::config
