// The structs of the binding out of a row's JSON, as a program would fill them member by member.

#ifndef FILL_HPP
#define FILL_HPP

// Included by step.hpp, whose functions it uses.

#include <stdexcept>
#include <variant>

template <class T>
void fill(const std::string &json, T &into);

/// Fills the members that a struct shows.
class Filler {
public:
    explicit Filler(const std::string &json) : json_(json) {}

    template <class T>
    void member(std::string_view name, T &into) {
        const std::optional<std::string> found = json_place(json_, place_of(name));
        if (!found || *found == "null")
            return;
        fill(*found, into);
        filled_.insert(std::string(name));
    }
    template <class T>
    void member(std::string_view name, std::optional<T> &into) {
        T made{};
        member(name, made);
        if (filled_.count(std::string(name)) != 0)
            into = std::move(made);
    }
    template <class T>
    void member(std::string_view name, runloop::OptionalItems<T> &into) {
        member(name, static_cast<std::optional<T> &>(into));
    }
    template <class T>
    void member(std::string_view name, runloop::StrictOptional<T> &into) {
        member(name, static_cast<std::optional<T> &>(into));
    }
    void constant(std::string_view name, std::string_view text) {
        fits_ = fits_ && json_place(json_, place_of(name)) == text;
        filled_.insert(std::string(name));
    }
    /// Whether the constants are those of the struct.
    bool fits() const { return fits_; }
    void rest(std::map<std::string, runloop::Json> &extra) {
        for (const std::string &name : json_keys(json_, ""))
            if (filled_.count(name) == 0)
                extra[name] = member_json(name);
    }
    runloop::Json member_json(const std::string &name);

private:
    /// The pointer to a member, whose name may hold what means something there.
    static std::string place_of(std::string_view name) {
        std::string pointer = "/";
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

    const std::string &json_;
    std::set<std::string> filled_;
    bool fits_ = true;
};

template <class T>
struct ListOf : std::false_type {};
template <class T>
struct ListOf<std::vector<T>> : std::true_type {};
template <class T>
struct MapOf : std::false_type {};
template <class T>
struct MapOf<std::map<std::string, T>> : std::true_type {};
template <class T>
struct OneOf : std::false_type {};
template <class... Kinds>
struct OneOf<std::variant<Kinds...>> : std::true_type {};
template <class T, class = void>
struct Structured : std::false_type {};
template <class T>
struct Structured<T, std::void_t<decltype(std::declval<T>().extra)>> : std::true_type {};

/// Fills the one of the structs whose constants fit.
template <class... Kinds>
void fill_one(const std::string &json, std::variant<Kinds...> &into) {
    const auto fits = [&](auto made) {
        Filler filler(json);
        decltype(made)::members(filler, made);
        if (filler.fits())
            into = std::move(made);
        return filler.fits();
    };
    if (!(fits(Kinds{}) || ...))
        throw std::runtime_error("no struct fits: " + json);
}

template <class T>
void fill(const std::string &json, T &into) {
    if constexpr (std::is_same_v<T, bool>) {
        into = json == "true";
    } else if constexpr (std::is_integral_v<T>) {
        into = static_cast<T>(std::stoll(json));
    } else if constexpr (std::is_floating_point_v<T>) {
        into = static_cast<T>(std::stod(json));
    } else if constexpr (std::is_constructible_v<T, std::string> && std::is_convertible_v<const T &, std::string_view>) {
        into = T(json);
    } else if constexpr (ListOf<T>::value) {
        const int count = json_count(json.c_str(), "");
        into.resize(static_cast<std::size_t>(count));
        for (int at = 0; at < count; ++at) {
            const std::string place = '/' + std::to_string(at);
            auto &item = into[static_cast<std::size_t>(at)];
            if constexpr (std::is_same_v<typename T::value_type, runloop::Json>)
                item = json_value(json, place);
            else
                fill(json_place(json, place).value(), item);
        }
    } else if constexpr (MapOf<T>::value) {
        for (const std::string &key : json_keys(json, "")) {
            Filler filler(json);
            filler.member(key, into[key]);
        }
    } else if constexpr (OneOf<T>::value) {
        fill_one(json, into);
    } else if constexpr (Structured<T>::value) {
        Filler filler(json);
        T::members(filler, into);
    } else {
        throw std::runtime_error("no row may fill this member by its name: " + json);
    }
}

#endif
