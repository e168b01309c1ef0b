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

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// JSON text that is being written, and what cannot be written of it.
struct Written {
    /// What has been written.
    std::string text{};
    /// The place of what cannot be sent, as a JSON Pointer.
    std::string place{};
    /// Why it cannot be; nothing if all can.
    const char *problem = nullptr;
};

// Each kind of member has its write(), as it has its read() in read.hpp.

inline void write(Written &out, std::string_view value) {
    append_json(out.text, value);
}
inline void write(Written &out, const std::string &value) {
    append_json(out.text, std::string_view(value));
}
inline void write(Written &out, std::int64_t value) {
    out.text += std::to_string(value);
}
inline void write(Written &out, const Json &value) {
    out.text += value.text();
    if (out.problem == nullptr)
        out.problem = value.problem();
}
inline void write(Written &out, double value) {
    write(out, Json(value));
}
inline void write(Written &out, bool value) {
    out.text += value ? "true" : "false";
}
template <class T>
void write(Written &out, const std::vector<T> &value);
template <class T>
void write(Written &out, const std::map<std::string, T> &value);
template <class... Choices>
void write(Written &out, const std::variant<Choices...> &value);
/// A struct, or a text of which the usual ones have names.
template <class T>
void write(Written &out, const T &value);

/// Writes the members that a struct shows.
class Writer {
public:
    explicit Writer(Written &out) : out_(out) { out_.text += '{'; }
    /// Writes the end.
    ~Writer() { out_.text += '}'; }

    template <class T>
    void member(std::string_view name, const T &value) {
        key(name);
        const bool could = out_.problem == nullptr;
        write(out_, value);
        if (could && out_.problem != nullptr)
            out_.place = below(std::string(), name) + out_.place;
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
    template <class T>
    void member(std::string_view name, const StrictOptional<T> &value) {
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
        out_.text += first_ ? "" : ",";
        first_ = false;
        append_json(out_.text, name);
        out_.text += ':';
    }

    Written &out_;
    bool first_ = true;
};

template <class T>
void write(Written &out, const std::vector<T> &value) {
    out.text += '[';
    for (std::size_t at = 0; at < value.size(); ++at) {
        out.text += at == 0 ? "" : ",";
        const bool could = out.problem == nullptr;
        write(out, value[at]);
        if (could && out.problem != nullptr)
            out.place = '/' + std::to_string(at) + out.place;
    }
    out.text += ']';
}

template <class T>
void write(Written &out, const std::map<std::string, T> &value) {
    Writer writer(out);
    for (const auto &[name, member] : value)
        writer.member(name, member);
}

template <class T>
void write_choice(Written &out, const T *value) {
    if (value != nullptr)
        write(out, *value);
}

template <class... Choices>
void write(Written &out, const std::variant<Choices...> &value) {
    (write_choice(out, std::get_if<Choices>(&value)), ...);
}

template <class T>
void write(Written &out, const T &value) {
    if constexpr (std::is_base_of_v<Text, T>) {
        append_json(out.text, value.str());
        if (out.problem == nullptr)
            out.problem = value.problem();
    } else {
        Writer writer(out);
        T::members(writer, value);
    }
}

}  // namespace detail

/// A struct of types.hpp as JSON text. What cannot be sent is in it as it is (what is not a finite number: as null);
/// Params::from() tells.
template <class T>
std::string to_json(const T &value) {
    detail::Written out;
    detail::write(out, value);
    return std::move(out.text);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
