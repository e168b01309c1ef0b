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

// Each kind of member has its write(), as it has its read() in read.hpp.

inline void write(std::string &out, std::string_view value) {
    append_json(out, value);
}
inline void write(std::string &out, const std::string &value) {
    append_json(out, std::string_view(value));
}
inline void write(std::string &out, std::int64_t value) {
    out += std::to_string(value);
}
inline void write(std::string &out, double value) {
    append_json(out, value);
}
inline void write(std::string &out, bool value) {
    out += value ? "true" : "false";
}
inline void write(std::string &out, const Json &value) {
    out += value.text();
}
template <class T>
void write(std::string &out, const std::vector<T> &value);
template <class T>
void write(std::string &out, const std::map<std::string, T> &value);
template <class... Choices>
void write(std::string &out, const std::variant<Choices...> &value);
/// A struct, or a text of which the usual ones have names.
template <class T>
void write(std::string &out, const T &value);

/// Writes the members that a struct shows.
class Writer {
public:
    explicit Writer(std::string &out) : out_(out) { out_ += '{'; }
    /// Writes the end.
    ~Writer() { out_ += '}'; }

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
        if (value)
            member(name, *value);
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
void write(std::string &out, const std::vector<T> &value) {
    out += '[';
    for (std::size_t at = 0; at < value.size(); ++at) {
        out += at == 0 ? "" : ",";
        write(out, value[at]);
    }
    out += ']';
}

template <class T>
void write(std::string &out, const std::map<std::string, T> &value) {
    Writer writer(out);
    for (const auto &[name, member] : value)
        writer.member(name, member);
}

template <class T>
void write_choice(std::string &out, const T *value) {
    if (value != nullptr)
        write(out, *value);
}

template <class... Choices>
void write(std::string &out, const std::variant<Choices...> &value) {
    (write_choice(out, std::get_if<Choices>(&value)), ...);
}

template <class T>
void write(std::string &out, const T &value) {
    if constexpr (std::is_base_of_v<Text, T>) {
        append_json(out, value.str());
    } else {
        Writer writer(out);
        T::members(writer, value);
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
