// A server that runs in a devbox, reached from here.
//
// It prints:
//
//	the server's URL: http…tunnel…
//	without the token: HTTP 401
//	with it: served from a devbox
//	closed: there is no tunnel
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.WithDevbox(ctx, nil, serve); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, devbox *runloop.Devbox) error {
	// A server in the devbox.
	if err := devbox.WriteFile(ctx, "site/index.html", []byte("served from a devbox\n")); err != nil {
		return err
	}
	server, err := devbox.ExecAsync(ctx, "python3 -u -m http.server 0 --directory site", nil)
	if err != nil {
		return err
	}
	defer server.Kill(context.WithoutCancel(ctx), true)
	port, err := portOf(ctx, server)
	if err != nil {
		return err
	}

	// One tunnel leads to all ports of the devbox; an authenticated one asks for its token.
	tunnel, err := devbox.EnableTunnel(ctx, &runloop.DevboxEnableTunnelParams{AuthMode: runloop.TunnelAuthModeAuthenticated})
	if err != nil {
		return err
	}
	url, err := devbox.GetTunnelURL(ctx, port)
	if err != nil {
		return err
	}
	fmt.Println("the server's URL:", url)
	status, _, err := fetch(ctx, url, "")
	if err != nil {
		return err
	}
	fmt.Println("without the token: HTTP", status)
	_, page, err := fetch(ctx, url, tunnel.AuthToken)
	if err != nil {
		return err
	}
	fmt.Print("with it: ", page)

	if err := devbox.RemoveTunnel(ctx); err != nil {
		return err
	}
	if tunnel, err = devbox.GetTunnel(ctx); tunnel == nil && err == nil {
		fmt.Println("closed: there is no tunnel")
	}
	return err
}

// portOf reads the server's own words until they tell the port that it has found free.
func portOf(ctx context.Context, server *runloop.Execution) (port int, err error) {
	stream, err := server.Stream(runloop.Stdout | runloop.Stderr)
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	line, err := bufio.NewReader(stream.Reader(ctx)).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("the server does not start: %q: %w", line, err)
	}
	_, rest, _ := strings.Cut(line, " port ")
	_, err = fmt.Sscan(rest, &port)
	return port, err
}

// fetch fetches as any program could. A name below localhost is this machine, which not every resolver
// knows.
func fetch(ctx context.Context, url string, token runloop.Sensitive) (status int, page string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	if token != "" {
		request.Header.Set("X-Runloop-Tunnel-Authorization", "Bearer "+token.Reveal())
	}
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, ".localhost") {
			address = net.JoinHostPort("127.0.0.1", port)
		}
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}
