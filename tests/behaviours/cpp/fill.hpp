// The structs of the binding out of a row's JSON, as a program would fill them member by member.

#ifndef FILL_HPP
#define FILL_HPP

// Included by step.hpp, whose functions it uses.

#include <stdexcept>

template <class T>
void fill(const std::string &json, T &into);

/// Fills the members that a struct shows.
class Filler {
public:
    explicit Filler(const std::string &json) : json_(json) {}

    template <class T>
    void member(std::string_view name, T &into) {
        const std::string at = place_of(name);
        const std::optional<std::string> found = json_place(json_, at);
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
    void member(std::string_view name, runloop::OptionalBool &into) { member(name, static_cast<std::optional<bool> &>(into)); }
    void constant(std::string_view name, std::string_view) { filled_.insert(std::string(name)); }
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
};

template <class T>
struct ListOf : std::false_type {};
template <class T>
struct ListOf<std::vector<T>> : std::true_type {};
template <class T>
struct MapOf : std::false_type {};
template <class T>
struct MapOf<std::map<std::string, T>> : std::true_type {};
template <class T, class = void>
struct Structured : std::false_type {};
template <class T>
struct Structured<T, std::void_t<decltype(std::declval<T>().extra)>> : std::true_type {};

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
        for (int at = 0; at < count; ++at)
            fill(json_place(json, '/' + std::to_string(at)).value(), into[static_cast<std::size_t>(at)]);
    } else if constexpr (MapOf<T>::value) {
        for (const std::string &key : json_keys(json, "")) {
            Filler filler(json);
            filler.member(key, into[key]);
        }
    } else if constexpr (Structured<T>::value) {
        Filler filler(json);
        T::members(filler, into);
    } else {
        throw std::runtime_error("no row may fill this member by its name: " + json);
    }
}

#endif
