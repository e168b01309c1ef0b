// Streams as the ends of transfers that fail: one that can be put back is, so that the same call made again sends all; of what
// cannot, retryable() does not say yes.

#include "test.hpp"

#include <sstream>
#include <streambuf>

#include "script_server.h"

using namespace runloop;

namespace {

/// Gives a text, and cannot be put back.
class OneWay : public std::streambuf {
public:
    explicit OneWay(std::string text) : text_(std::move(text)) { setg(text_.data(), text_.data(), text_.data() + text_.size()); }

private:
    std::string text_;
};

const char unavailable[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
const char cut[] = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\nConnection: close\r\n\r\npart";

}  // namespace

int main() {
    begin("test_transfer_ends");
    script_server *server = script_start();
    {
        const Client client = test_client(script_url(server));
        const Devbox devbox = MUST(Devbox::attach(client, "dbx_1"));
        CallOptions once;
        once.max_retries = 0;

        group("a stream that is read");
        std::istringstream text("before" + std::string(100000, 'x'));
        text.seekg(6);
        for (const std::int64_t length : {-1, 100000}) {
            script_add(server, unavailable, SCRIPT_CLOSE);
            CHECK(FAILS(devbox.upload_file("/f", Source::stream(text, length), once), Status::server).retryable() == Retryable::yes);
            CHECK_INT(text.tellg(), 6);
        }
        script_answer(server, 200, "", "{}");
        MUST(devbox.upload_file("/f", Source::stream(text), once));
        HAS(script_request(server, script_requests(server) - 1), std::string(100000, 'x').c_str());

        OneWay one_way(std::string(100000, 'x'));
        std::istream in(&one_way);
        script_add(server, unavailable, SCRIPT_CLOSE);
        CHECK(FAILS(devbox.upload_file("/f", Source::stream(in), once), Status::server).retryable() == Retryable::unknown);

        group("a stream that an object is made of");
        std::istringstream content("content");
        const std::string lost = "";
        script_add(server, lost.c_str(), SCRIPT_CLOSE);
        CHECK(FAILS(Object::upload_from_source(client, "o", Source::stream(content), {}, once), Status::broken).retryable() == Retryable::unknown);
        CHECK_INT(content.tellg(), 0);

        group("a stream that is written");
        std::ostringstream out;
        script_add(server, cut, SCRIPT_CLOSE);
        CHECK(FAILS(devbox.download_file("/f", Sink::stream(out), once), Status::broken).retryable() == Retryable::unknown);
        SAME(out.str(), "part");
    }
    script_stop(server);
    return finish();
}
