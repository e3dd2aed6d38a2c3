// SPDX-License-Identifier: Apache-2.0
#include "config/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "config/toml_data.h"

namespace turnpike::config {
namespace {

const toml::node& node_of(const void* pointer) { return *static_cast<const toml::node*>(pointer); }
const toml::table& table_of(const void* pointer) { return *static_cast<const toml::table*>(pointer); }

std::string type_text(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "an array";
    if (const auto* text = node.as_string()) return in_quotes(text->get());
    std::ostringstream out;
    node.visit([&](const auto& value) {
        if constexpr (toml::is_value<decltype(value)>) out << value;
    });
    return out.str();
}

[[noreturn]] void fail_at(const TomlDocument::Data& data, const std::string& path, const toml::node& node,
                          const std::string& message) {
    if (const std::string* origin = data.override_of(path)) throw Error(*origin, 0, 0, message);
    const auto place = node.source().begin;
    throw Error(data.file, place.line, place.column, message);
}

std::string real_text(double value) { return fmt::format("{}", value); }

}  // namespace

std::string choices_text(std::string_view choices) {
    std::string text(choices);
    std::size_t bar = text.rfind('|');
    if (bar == std::string::npos) return text;
    text.replace(bar, 1, " or ");
    while ((bar = text.find('|')) != std::string::npos) text.replace(bar, 1, ", ");
    return text;
}

void TomlValue::fail(std::string_view expected) const {
    fail_with(found_expected(fmt::format("{} = {}", path_, type_text(node_of(node_))), expected));
}

void TomlValue::fail_with(const std::string& message) const { fail_at(*document_, path_, node_of(node_), message); }

std::uint64_t TomlValue::as_u64(std::uint64_t least, std::uint64_t most) const {
    const auto* integer = node_of(node_).as_integer();
    const std::int64_t value = integer != nullptr ? integer->get() : -1;
    if (value < 0 || static_cast<std::uint64_t>(value) < least || static_cast<std::uint64_t>(value) > most) {
        fail(least == most ? fmt::format("{}", least) : fmt::format("a whole number from {} to {}", least, most));
    }
    return static_cast<std::uint64_t>(value);
}

double TomlValue::as_real(double least, double most) const {
    const toml::node& node = node_of(node_);
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value) || *value < least || *value > most) {
        fail(fmt::format("a number from {} to {}", real_text(least), real_text(most)));
    }
    return *value;
}

bool TomlValue::as_bool() const {
    const auto* value = node_of(node_).as_boolean();
    if (value == nullptr) fail("true or false");
    return value->get();
}

std::string TomlValue::as_text() const {
    const auto* value = node_of(node_).as_string();
    if (value == nullptr) fail("a text in quotes");
    return value->get();
}

std::vector<TomlValue> TomlValue::as_array() const {
    const auto* array = node_of(node_).as_array();
    if (array == nullptr) fail("an array");
    std::vector<TomlValue> values;
    for (const toml::node& element : *array) values.emplace_back(document_, &element, path_);
    return values;
}

bool TomlValue::is_text() const { return node_of(node_).is_string(); }
bool TomlValue::is_bool() const { return node_of(node_).is_boolean(); }

std::string TomlTable::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::optional<TomlValue> TomlTable::value(std::string_view key) {
    known_.emplace_back(key);
    const toml::node* node = table_ == nullptr ? nullptr : table_of(table_).get(key);
    if (node == nullptr) return std::nullopt;
    return TomlValue(document_, node, path_of(key));
}

TomlTable TomlTable::table(std::string_view key) {
    const auto found = value(key);
    if (!found) return TomlTable(document_, nullptr, path_of(key));
    const toml::node* node = table_of(table_).get(key);
    if (!node->is_table()) found->fail("a table");
    return TomlTable(document_, node->as_table(), path_of(key));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
    const auto found = value(key);
    std::vector<TomlTable> all;
    if (!found) return all;
    const auto* array = table_of(table_).get(key)->as_array();
    if (array == nullptr || !std::all_of(array->begin(), array->end(), [](const auto& e) { return e.is_table(); })) {
        found->fail(fmt::format("tables [[{}]]", key));
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
        all.emplace_back(document_, (*array)[i].as_table(), fmt::format("{}.{}", path_of(key), i));
    }
    return all;
}

void TomlTable::read(std::string_view key, std::uint64_t& into, std::uint64_t least, std::uint64_t most) {
    if (const auto found = value(key)) into = found->as_u64(least, most);
}

void TomlTable::read(std::string_view key, double& into, double least, double most) {
    if (const auto found = value(key)) into = found->as_real(least, most);
}

void TomlTable::read(std::string_view key, std::string& into) {
    if (const auto found = value(key)) into = found->as_text();
}

void TomlTable::read(std::string_view key, bool& into) {
    if (const auto found = value(key)) into = found->as_bool();
}

void TomlTable::read_choice(std::string_view key, std::string& into, std::string_view choices) {
    const auto found = value(key);
    if (!found) return;
    const std::string text = found->is_text() ? found->as_text() : "";
    const std::string all = fmt::format("|{}|", choices);
    if (text.empty() || text.find('|') != std::string::npos || all.find("|" + text + "|") == std::string::npos) {
        found->fail(choices_text(choices));
    }
    into = text;
}

void TomlTable::finish() const {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : table_of(table_)) {
        const std::string name(key.str());
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
        std::string expected;
        for (const std::string& known : known_) expected += (expected.empty() ? "" : "|") + known;
        const std::string message =
            found_expected(fmt::format("unknown key {}", in_quotes(path_of(name))), choices_text(expected));
        if (const std::string* origin = document_->override_of(path_of(name))) throw Error(*origin, 0, 0, message);
        throw Error(document_->file, key.source().begin.line, key.source().begin.column, message);
    }
}

unsigned TomlTable::line() const {
    return table_ != nullptr ? static_cast<unsigned>(table_of(table_).source().begin.line) : 0;
}

void TomlTable::fail(const std::string& message) const {
    if (table_ == nullptr) throw Error(document_->file, 0, 0, message);
    fail_at(*document_, path_, table_of(table_), message);
}

}  // namespace turnpike::config
