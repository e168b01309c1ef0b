// secrets.cpp: values that the service keeps, given to devboxes as environment variables.
//
// It prints:
//
//     secret EXAMPLE_DATABASE_PASSWORD is kept as sec_…
//     its view holds the value: no
//     the devbox sees 15 characters in $PGPASSWORD
//     a new one after the change: 7 characters
//     deleted: RUNLOOP_NOT_FOUND
#include <iostream>
#include <runloop.hpp>
#include <string>

// What a devbox sees: the environment is set when the devbox is created.
static std::string look(const runloop::Client &client) {
    runloop::DevboxCreateParams params;
    // The variable's name, and the secret's. The value never passes through this program.
    params.secrets = {{"PGPASSWORD", "EXAMPLE_DATABASE_PASSWORD"}};
    auto devbox = runloop::Devbox::create(client, params).value();
    std::string length = devbox.exec("printf ${#PGPASSWORD}").value().stdout_text().value();
    devbox.shutdown().value();
    return length;
}

int main() try {
    auto client = runloop::Client::create().value();
    auto secret = runloop::Secret::create(client, "EXAMPLE_DATABASE_PASSWORD", "fifteen letters").value();
    std::cout << "secret " << secret.name() << " is kept as " << secret.id() << "\n";

    // The service never gives a value back.
    const std::string view = runloop::to_json(secret.get_info().value());
    std::cout << "its view holds the value: " << (view.find("fifteen") != std::string::npos ? "yes" : "no") << "\n";

    std::cout << "the devbox sees " << look(client) << " characters in $PGPASSWORD\n";
    secret.update("shorter").value();
    std::cout << "a new one after the change: " << look(client) << " characters\n";

    secret.delete_().value();
    std::cout << "deleted: " << name(secret.get_info().error().status()) << "\n";
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\n";
    return 1;
}
