// Sequences that are pulled one by one or looped over.

#ifndef RUNLOOP_PULL_HPP
#define RUNLOOP_PULL_HPP

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <runloop/call_options.hpp>
#include <runloop/result.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// A loop over what Source::next() returns, as values; errors are thrown as an Exception (without exceptions they end the
/// program). Returned by values().
template <class Source>
class Values {
public:
    /// What the loop gets.
    using Item = typename Source::Item;

    /// Owns what it loops over.
    explicit Values(Source source) : source_(std::move(source)) {}

    /// Goes from item to item.
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using pointer = Item *;
        using reference = Item &;

        Iterator() = default;
        explicit Iterator(Source &source) : source_(&source) { ++*this; }
        Item &operator*() noexcept { return *item_; }
        Item *operator->() noexcept { return &*item_; }
        Iterator &operator++() {
            item_ = source_->next().value();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator!=(const Iterator &one, const Iterator &other) noexcept {
            return one.item_.has_value() != other.item_.has_value();
        }
        friend bool operator==(const Iterator &one, const Iterator &other) noexcept { return !(one != other); }

    private:
        Source *source_ = nullptr;
        std::optional<Item> item_;
    };

    /// Asks for the first item.
    Iterator begin() { return Iterator(source_); }
    /// The end.
    Iterator end() { return Iterator(); }

private:
    Source source_;
};

/// A sequence to loop over: `for (auto &item : list)` gets a Result for each item, and ends after the first error; `for (auto
/// &item : std::move(list).values())` gets the items.
template <class Self, class T>
class Pull {
public:
    /// What next() returns until the end.
    using Item = T;

    /// Goes from result to result.
    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Result<T>;
        using difference_type = std::ptrdiff_t;
        using pointer = Result<T> *;
        using reference = Result<T> &;

        Iterator() = default;
        explicit Iterator(Self &source) : source_(&source) { ++*this; }
        Result<T> &operator*() noexcept { return *item_; }
        Result<T> *operator->() noexcept { return &*item_; }
        Iterator &operator++() {
            const bool ended = item_ && !*item_;
            item_.reset();
            if (ended)
                return *this;
            Result<std::optional<T>> found = source_->next();
            if (!found)
                item_.emplace(std::move(found.error()));
            else if (*found)
                item_.emplace(std::move(**found));
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator!=(const Iterator &one, const Iterator &other) noexcept {
            return one.item_.has_value() != other.item_.has_value();
        }
        friend bool operator==(const Iterator &one, const Iterator &other) noexcept { return !(one != other); }

    private:
        Self *source_ = nullptr;
        std::optional<Result<T>> item_;
    };

    /// Asks for the first item.
    Iterator begin() { return Iterator(static_cast<Self &>(*this)); }
    /// The end.
    Iterator end() { return Iterator(); }

    /// The items themselves; errors are thrown.
    Values<Self> values() && { return Values<Self>(std::move(static_cast<Self &>(*this))); }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif
