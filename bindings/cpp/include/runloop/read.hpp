// The structs of types.hpp out of what the API answered.

#ifndef RUNLOOP_READ_HPP
#define RUNLOOP_READ_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runloop/json.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// The keys of the object at a place.
inline std::vector<std::string> keys(const Value &value, const std::string &place) {
    std::vector<std::string> found;
    const Result<std::size_t> count = value.kind(place) == Kind::object ? value.length(place) : Result<std::size_t>(0);
    for (std::size_t at = 0; count && at < *count; ++at) {
        if (Result<std::string> key = value.key(place, at))
            found.push_back(std::move(*key));
    }
    return found;
}

template <class T, class U>
bool take(Result<U> found, T &into) {
    if (found)
        into = T(std::move(*found));
    return found.has_value();
}

// Each kind of member has its read(), which says whether what is at the place is of that kind. They are functions
// rather than one template that asks what it is given, and call few functions of the containers: compilers see all
// of it for each of a hundred structs.

inline bool read(const Value &value, const std::string &place, std::string &into) {
    return take(value.get_string(place), into);
}
inline bool read(const Value &value, const std::string &place, Text &into) {
    return take(value.get_string(place), into);
}
inline bool read(const Value &value, const std::string &place, std::int64_t &into) {
    return take(value.get_int(place), into);
}
inline bool read(const Value &value, const std::string &place, double &into) {
    return take(value.get_double(place), into);
}
inline bool read(const Value &value, const std::string &place, bool &into) {
    return take(value.get_bool(place), into);
}
inline bool read(const Value &value, const std::string &place, Json &into) {
    return take(value.child(place), into);
}
template <class T>
bool read(const Value &value, const std::string &place, std::vector<T> &into);
template <class T>
bool read(const Value &value, const std::string &place, std::map<std::string, T> &into);
/// A struct, or a text of which the usual ones have names.
template <class T>
bool read(const Value &value, const std::string &place, T &into);

/// Fills the members that a struct shows.
class Reader {
public:
    Reader(const Value &value, const std::string &place) : value_(value), place_(place) {}

    template <class T>
    void member(std::string_view name, T &into) {
        took(name, read(value_, below(place_, name), into));
    }
    template <class T>
    void member(std::string_view name, std::optional<T> &into) {
        const std::string place = below(place_, name);
        const bool fits = read(value_, place, into.emplace());
        if (!fits)
            into.reset();
        took(name, fits || value_.kind(place) == Kind::null);
    }
    template <class T>
    void member(std::string_view name, OptionalItems<T> &into) {
        member(name, static_cast<std::optional<T> &>(into));
    }
    template <class T>
    void member(std::string_view name, StrictOptional<T> &into) {
        member(name, static_cast<std::optional<T> &>(into));
    }
    void constant(std::string_view name, std::string_view text) {
        const Result<std::string> found = value_.get_string(below(place_, name));
        took(name, found && *found == text);
    }
    void rest(std::map<std::string, Json> &extra) {
        for (const std::string &name : keys(value_, place_)) {
            if (taken_.count(name) != 0)
                continue;
            if (Result<Value> left = value_.child(below(place_, name)))
                extra.emplace(name, Json(std::move(*left)));
        }
    }

private:
    void took(std::string_view name, bool fits) {
        if (fits)
            taken_.insert(name);
    }

    const Value &value_;
    const std::string &place_;
    std::set<std::string_view> taken_;
};

template <class T>
bool read(const Value &value, const std::string &place, std::vector<T> &into) {
    if (value.kind(place) != Kind::array)
        return false;
    std::vector<T> items(*value.length(place));
    bool whole = true;
    for (std::size_t at = 0; at < items.size(); ++at)
        whole = read(value, below(place, std::to_string(at)), items[at]) && whole;
    into.swap(items);
    return whole;
}

template <class T>
bool read(const Value &value, const std::string &place, std::map<std::string, T> &into) {
    if (value.kind(place) != Kind::object)
        return false;
    bool whole = true;
    for (const std::string &name : keys(value, place))
        whole = read(value, below(place, name), into[name]) && whole;
    return whole;
}

template <class T>
bool read(const Value &value, const std::string &place, T &into) {
    if constexpr (std::is_base_of_v<Text, T>) {
        return read(value, place, static_cast<Text &>(into));
    } else {
        if (value.kind(place) != Kind::object)
            return false;
        Reader reader(value, place);
        T::members(reader, into);
        return true;
    }
}

}  // namespace detail

template <class T>
T Value::as() const {
    T made{};
    detail::read(*this, std::string(), made);
    return made;
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
