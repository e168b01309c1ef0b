// JSON that the structs hold as it is, and texts of which the usual ones have names.

#ifndef RUNLOOP_JSON_HPP
#define RUNLOOP_JSON_HPP

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runloop/strict.hpp>
#include <runloop/value.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Adds a text in quotes.
inline void append_json(std::string &out, std::string_view text) {
    out += '"';
    for (const char letter : text) {
        switch (letter) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(letter) < 0x20) {
                char escape[8];
                std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(letter)));
                out += escape;
            } else {
                out += letter;
            }
        }
    }
    out += '"';
}

/// Adds a finite number that reads back as the same.
inline void append_json(std::string &out, double number) {
    char digits[32];
#if defined(__cpp_lib_to_chars)
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
#else
    std::snprintf(digits, sizeof digits, "%.17g", number);
    for (char &digit : digits)  // the program's locale may have another point
        digit = digit == ',' ? '.' : digit;
    out += digits;
#endif
}

/// The place of a member below a place.
inline std::string below(const std::string &place, std::string_view name) {
    std::string pointer = place + '/';
    for (const char letter : name) {
        if (letter == '~')
            pointer += "~0";
        else if (letter == '/')
            pointer += "~1";
        else
            pointer += letter;
    }
    return pointer;
}

/// Whether a text is one JSON value, as the library reads it.
inline bool is_json(const std::string &text) noexcept {
    runloop_params *raw = nullptr;
    if (text.find('\0') != std::string::npos || runloop_params_new(&raw, nullptr) != RUNLOOP_OK)
        return false;
    const Handle<runloop_params, runloop_params_free> owned(raw);
    return runloop_params_set_json(raw, "/value", text.c_str(), nullptr) == RUNLOOP_OK;
}

}  // namespace detail

/// Any JSON value: one made here, to be sent, or one that an answer held.
class Json {
public:
    /// null.
    Json() : text_("null") {}
    /// null.
    Json(std::nullptr_t) : Json() {}
    /// A number, or true or false.
    template <class Number, std::enable_if_t<std::is_arithmetic_v<Number>, int> = 0>
    Json(Number number) {
        if constexpr (std::is_same_v<Number, bool>)
            text_ = number ? "true" : "false";
        else if constexpr (std::is_integral_v<Number>)
            text_ = std::to_string(number);
        else if (std::isfinite(static_cast<double>(number)))
            detail::append_json(text_, static_cast<double>(number));
        else
            problem_ = "is not a finite number, and JSON has no other";
    }
    /// A character is neither a number nor text.
    Json(char) = delete;
    /// Text.
    Json(std::string_view text) { detail::append_json(text_, text); }
    /// Text.
    Json(const std::string &text) : Json(std::string_view(text)) {}
    /// Text.
    Json(const char *text) : Json(text == nullptr ? std::string_view() : std::string_view(text)) {
        if (text == nullptr)
            problem_ = "is a text at a null pointer";
    }
    /// What an answer held.
    explicit Json(Value value) : value_(std::move(value)) {}

    /// An array.
    static Json array(const std::vector<Json> &items) {
        std::string text = "[";
        Json made;
        for (const Json &item : items) {
            (text += text.size() > 1 ? "," : "") += item.text();
            made.contains(item);
        }
        made.text_ = text += ']';
        return made;
    }

    /// An object.
    static Json object(const std::map<std::string, Json> &members) {
        std::string text = "{";
        Json made;
        for (const auto &[name, member] : members) {
            made.contains(member);
            text += text.size() > 1 ? "," : "";
            detail::append_json(text, name);
            (text += ':') += member.text();
        }
        made.text_ = text += '}';
        return made;
    }

    /// JSON text as it is: one value. Any other text is refused by the call that sends it.
    static Json from_text(std::string text) {
        Json json;
        if (!detail::is_json(text))
            json.problem_ = "is not one JSON value";
        json.text_ = std::move(text);
        return json;
    }

    /// As JSON text, borrowed from this; null for one that was moved from.
    std::string_view text() const noexcept {
        if (value_)
            return value_.json();
        return text_.empty() ? std::string_view("null") : std::string_view(text_);
    }

    /// Why it cannot be sent; nothing if it can.
    const char *problem() const noexcept { return problem_; }

    /// What an answer held, to be read; empty for one that was made here.
    const Value &value() const noexcept { return value_; }

private:
    void contains(const Json &part) {
        if (problem_ == nullptr)
            problem_ = part.problem_;
    }

    std::string text_;
    Value value_;
    const char *problem_ = nullptr;
};

/// An array or an object that may be absent: a std::optional that takes its items in braces, so that
/// `params.metadata = {{"team", "blue"}}` says what it seems to say.
template <class T>
class OptionalItems : public std::optional<T> {
public:
    using std::optional<T>::optional;

    /// Absent.
    OptionalItems() = default;
    /// These items.
    OptionalItems(std::initializer_list<typename T::value_type> items) : std::optional<T>(std::in_place, items) {}
};

namespace detail {

/// What every EnumText is.
class Text {
public:
    /// Empty.
    Text() = default;
    /// A text.
    Text(std::string_view text) : text_(text) {}
    /// A text. One at a null pointer is refused by the call that sends it.
    Text(const char *text) : text_(text == nullptr ? "" : text), problem_(text == nullptr ? "is a text at a null pointer" : nullptr) {}
    /// There is no text there.
    Text(std::nullptr_t) = delete;
    /// A text.
    Text(std::string text) : text_(std::move(text)) {}

    /// The text.
    const std::string &str() const noexcept { return text_; }
    /// The text, borrowed.
    operator std::string_view() const noexcept { return text_; }
    /// Why it cannot be sent; nothing if it can.
    const char *problem() const noexcept { return problem_; }

private:
    std::string text_;
    const char *problem_ = nullptr;
};

}  // namespace detail

/// A text of which the usual ones have names; any other is as good.
template <class Self>
class EnumText : public detail::Text {
public:
    using Text::Text;

    /// Whether both are the same text.
    template <class Other, std::enable_if_t<std::is_convertible_v<const Other &, std::string_view>, int> = 0>
    friend bool operator==(const Self &one, const Other &other) noexcept {
        return one.str() == static_cast<std::string_view>(other);
    }
    /// Whether they are different texts.
    template <class Other, std::enable_if_t<std::is_convertible_v<const Other &, std::string_view>, int> = 0>
    friend bool operator!=(const Self &one, const Other &other) noexcept {
        return one.str() != static_cast<std::string_view>(other);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
