// The structs of types.hpp as JSON text.

#ifndef RUNLOOP_WRITE_HPP
#define RUNLOOP_WRITE_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <runloop/json.hpp>

RUNLOOP_BEGIN

namespace detail {

template <class T>
void write(std::string &out, const T &value);

/// Writes the members that a struct shows.
class Writer {
public:
    explicit Writer(std::string &out) : out_(out) {}

    template <class T>
    void member(std::string_view name, const T &value) {
        key(name);
        write(out_, value);
    }
    template <class T>
    void member(std::string_view name, const std::optional<T> &value) {
        if (value)
            member(name, *value);
    }
    template <class T>
    void member(std::string_view name, const OptionalItems<T> &value) {
        member(name, static_cast<const std::optional<T> &>(value));
    }
    void constant(std::string_view name, std::string_view text) { member(name, text); }
    /// These come last: of two members of one name the library takes the last.
    void rest(const std::map<std::string, Json> &extra) {
        for (const auto &[name, value] : extra)
            member(name, value);
    }

private:
    void key(std::string_view name) {
        out_ += first_ ? "" : ",";
        first_ = false;
        append_json(out_, name);
        out_ += ':';
    }

    std::string &out_;
    bool first_ = true;
};

template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};
template <class T>
struct IsUnion : std::false_type {};
template <class... Choices>
struct IsUnion<std::variant<Choices...>> : std::true_type {};

template <class T>
void write(std::string &out, const T &value) {
    if constexpr (std::is_same_v<T, bool>) {
        out += value ? "true" : "false";
    } else if constexpr (std::is_same_v<T, Json>) {
        out += value.text();
    } else if constexpr (std::is_integral_v<T>) {
        out += std::to_string(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        append_json(out, value);
    } else if constexpr (std::is_convertible_v<const T &, std::string_view>) {
        append_json(out, std::string_view(value));
    } else if constexpr (IsList<T>::value) {
        out += '[';
        for (std::size_t at = 0; at < value.size(); ++at) {
            out += at == 0 ? "" : ",";
            write(out, value[at]);
        }
        out += ']';
    } else if constexpr (IsMap<T>::value) {
        out += '{';
        Writer writer(out);
        for (const auto &[name, member] : value)
            writer.member(name, member);
        out += '}';
    } else if constexpr (IsUnion<T>::value) {
        std::visit([&out](const auto &choice) { write(out, choice); }, value);
    } else {
        out += '{';
        Writer writer(out);
        T::members(writer, value);
        out += '}';
    }
}

}  // namespace detail

/// A struct of types.hpp as JSON text.
template <class T>
std::string to_json(const T &value) {
    std::string out;
    detail::write(out, value);
    return out;
}

RUNLOOP_END

#endif
