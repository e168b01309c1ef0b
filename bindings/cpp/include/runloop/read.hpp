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
#include <runloop/write.hpp>

RUNLOOP_BEGIN

namespace detail {

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

template <class T>
bool read(const Value &value, const std::string &place, T &into);

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

/// Fills the members that a struct shows.
class Reader {
public:
    Reader(const Value &value, const std::string &place) : value_(value), place_(place) {}

    template <class T>
    void member(std::string_view name, T &into) {
        if (read(value_, below(place_, name), into))
            taken_.insert(name);
    }
    template <class T>
    void member(std::string_view name, std::optional<T> &into) {
        const std::string place = below(place_, name);
        T found{};
        if (read(value_, place, found))
            into = std::move(found);
        if (into || value_.kind(place) == Kind::null)
            taken_.insert(name);
    }
    template <class T>
    void member(std::string_view name, OptionalItems<T> &into) {
        member(name, static_cast<std::optional<T> &>(into));
    }
    void constant(std::string_view name, std::string_view text) {
        const Result<std::string> found = value_.get_string(below(place_, name));
        if (found && *found == text)
            taken_.insert(name);
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
    const Value &value_;
    const std::string &place_;
    std::set<std::string_view> taken_;
};

template <class T, class U>
bool take(Result<U> found, T &into) {
    if (!found)
        return false;
    into = T(std::move(*found));
    return true;
}

/// Reads what is at a place, if it is of this kind.
template <class T>
bool read(const Value &value, const std::string &place, T &into) {
    if constexpr (std::is_same_v<T, bool>) {
        return take(value.get_bool(place), into);
    } else if constexpr (std::is_same_v<T, Json>) {
        Result<Value> found = value.child(place);
        if (found)
            into = Json(std::move(*found));
        return found.has_value();
    } else if constexpr (std::is_integral_v<T>) {
        return take(value.get_int(place), into);
    } else if constexpr (std::is_floating_point_v<T>) {
        return take(value.get_double(place), into);
    } else if constexpr (std::is_convertible_v<const T &, std::string_view>) {
        return take(value.get_string(place), into);
    } else if constexpr (IsList<T>::value) {
        if (value.kind(place) != Kind::array)
            return false;
        const std::size_t count = *value.length(place);
        into.resize(count);
        bool whole = true;
        for (std::size_t at = 0; at < count; ++at)
            whole = read(value, below(place, std::to_string(at)), into[at]) && whole;
        return whole;
    } else if constexpr (IsMap<T>::value) {
        if (value.kind(place) != Kind::object)
            return false;
        bool whole = true;
        for (const std::string &name : keys(value, place))
            whole = read(value, below(place, name), into[name]) && whole;
        return whole;
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
    T read{};
    detail::read(*this, std::string(), read);
    return read;
}

RUNLOOP_END

#endif
