// tunnels.cpp: a server that runs in a devbox, reached from here.
//
// It fetches through the tunnel by curl, as any program could.
//
// It prints:
//
//     the server's URL: http…tunnel…
//     without the token: HTTP 401
//     with it: served from a devbox
//     closed: there is no tunnel
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <runloop.hpp>
#include <stdexcept>
#include <string>

// Reads the server's own words until they tell the port that it has found free.
static int port_of(const runloop::Execution &server) {
    std::string said;
    for (auto &piece : server.stream().value().values()) {
        said += piece.data;
        const std::size_t words = said.find(" port ");
        if (words != std::string::npos && said.find(' ', words + 6) != std::string::npos)
            return std::stoi(said.substr(words + 6));
    }
    throw std::runtime_error("the server does not start: " + said);
}

// Fetches with curl. The token goes in by its standard input: arguments are for everybody to see.
static void fetch(const std::string &url, const std::string &token, const std::string &option) {
    std::cout.flush();
    FILE *curl = popen(("curl -sS --noproxy '*' " + option + " -K -").c_str(), "w");
    if (curl == nullptr)
        throw std::runtime_error("curl cannot be run");
    std::fprintf(curl, "url = \"%s\"\n", url.c_str());
    if (!token.empty())
        std::fprintf(curl, "header = \"X-Runloop-Tunnel-Authorization: Bearer %s\"\n", token.c_str());
    if (pclose(curl) != 0)
        throw std::runtime_error("curl has failed");
}

int main() try {
    auto client = runloop::Client::create().value();
    auto devbox = runloop::Devbox::create(client).value();
    devbox.set_shutdown_on_free(std::chrono::seconds(10)).value();

    // A server in the devbox.
    devbox.write_file("site/index.html", "served from a devbox\n").value();
    auto server = devbox.exec_async("python3 -u -m http.server 0 --directory site").value();
    const int port = port_of(server);

    // One tunnel leads to all ports of the devbox; an authenticated one asks for its token.
    runloop::DevboxEnableTunnelParams params;
    params.auth_mode = runloop::TunnelAuthMode::authenticated;
    auto tunnel = devbox.enable_tunnel(params).value();
    const std::string url = devbox.get_tunnel_url(port).value().value();
    std::cout << "the server's URL: " << url << "\n";
    std::cout << "without the token: HTTP ";
    fetch(url, "", "-o /dev/null -w '%{http_code}\\n'");
    std::cout << "with it: ";
    fetch(url, tunnel.auth_token.value_or(""), "");

    devbox.remove_tunnel().value();
    std::cout << "closed: there is " << (devbox.get_tunnel().value() ? "a tunnel" : "no tunnel") << "\n";

    server.kill().value();
    devbox.shutdown().value();
} catch (const std::exception &exception) {
    std::cerr << exception.what() << "\n";
    return 1;
}
