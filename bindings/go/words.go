package runloop

import "strings"

// cWords are what the C library calls what has other names in Go: its own functions, and members of its structs in the sentences that advise
// them. What the service says, and what a caller has given, holds none of these.
var cWords = strings.NewReplacer(
	"give one to runloop_config_set_bearer_token", "set Config.BearerToken",
	"runloop_config_set_bearer_token", "Config.BearerToken",
	"runloop_config_set_base_url", "Config.BaseURL",
	"runloop_config_set_proxy", "Config.Proxy",
	"runloop_config_set_ca_file", "Config.CAFile",
	"runloop_config_set_client_certificate", "Config.ClientCertificateFile and Config.ClientKeyFile",
	"runloop_config_set_http_version", "Config.HTTPVersion",
	"runloop_config_set_max_answer_bytes", "Config.MaxAnswerBytes",
	"runloop_config_set_unmarked_creates", "Config.UnmarkedCreates",
	"runloop_blueprint_logs", "Blueprint.Logs",
	"by poll_timeout_ms", "by WithPollTimeout",
	"by timeout_ms", "by WithTimeout",
	"a longer deadline_ms", "a later deadline",
	"start it with exec_async", "start it with Devbox.ExecAsync",
	"without attach_stdin", "without ExecOptions.AttachStdin",
	"max_output_bytes is", "MaxOutputBytes is",
	"max_retries is", "The number of retries is",
)

// inGo returns what C said in the words of this package.
func inGo(text string) string { return cWords.Replace(text) }
