// An image built once, from a Dockerfile and a directory of this machine, and devboxes of it.
//
// It prints:
//
//	the build says: compiled for production
//	blueprint bpt_… is built
//	a devbox of it: greetings from production
//	a build that fails: its log ends with the reason
//	left: 0
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

const dockerfile = `FROM runloop:runloop/starter-x86_64
ARG STAGE=testing
COPY greet.sh /opt/greet.sh
RUN chmod 755 /opt/greet.sh && echo $STAGE > /opt/stage && echo compiled for $STAGE
RUN test ! -e notes.md
`

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	client, err := runloop.NewClient(nil)
	if err != nil {
		return err
	}
	defer client.Close()

	// What COPY and ADD may read: a directory, without what its .dockerignore names.
	source, err := uploadContext(ctx, client)
	if err != nil {
		return err
	}
	defer source.Delete(context.WithoutCancel(ctx))
	buildContext, err := source.AsBuildContext()
	if err != nil {
		return err
	}

	// Begins the build and waits for its end; its log comes line by line.
	blueprint, err := client.CreateBlueprint(ctx, &runloop.BlueprintCreateParams{
		Name:         "greeter",
		Dockerfile:   dockerfile,
		BuildArgs:    map[string]string{"STAGE": "production"},
		BuildContext: buildContext,
	}, func(line runloop.BlueprintBuildLog) error {
		if strings.HasPrefix(line.Message, "compiled") {
			fmt.Println("the build says:", line.Message)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("blueprint %s is built\n", blueprint.ID())

	// Devboxes of it begin where the build ended.
	devbox, err := blueprint.CreateDevbox(ctx, nil)
	if err != nil {
		return err
	}
	defer devbox.Shutdown(context.WithoutCancel(ctx))
	output, err := devbox.Command(ctx, `sh /opt/greet.sh "$(cat /opt/stage)"`).Output()
	if err != nil {
		return err
	}
	fmt.Printf("a devbox of it: %s", output)

	if err := failingBuild(ctx, client); err != nil {
		return err
	}
	if err := blueprint.Delete(ctx); err != nil {
		return err
	}
	left := 0
	for item, err := range client.ListBlueprints(ctx, &runloop.BlueprintListParams{Name: "greeter"}) {
		if err != nil {
			return err
		}
		item.Close()
		left++
	}
	fmt.Println("left:", left)
	return nil
}

func uploadContext(ctx context.Context, client *runloop.Client) (*runloop.Object, error) {
	folder, err := os.MkdirTemp("", "runloop-example-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for name, text := range map[string]string{
		"greet.sh":      "echo \"greetings from $1\"\n",
		"notes.md":      "for ourselves\n",
		".dockerignore": "*.md\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	return client.UploadDockerContext(ctx, folder, nil, nil)
}

// failingBuild: the message carries the end of the log. The blueprint stays, so that its whole log can
// be read.
func failingBuild(ctx context.Context, client *runloop.Client) error {
	_, err := client.CreateBlueprint(ctx, &runloop.BlueprintCreateParams{
		Name:       "greeter",
		Dockerfile: "FROM runloop:runloop/starter-x86_64\nRUN echo no such compiler && exit 1\n",
	}, nil)
	var failure *runloop.Error
	if !errors.Is(err, runloop.ErrBuildFailed) || !errors.As(err, &failure) {
		return err
	}
	if strings.Contains(failure.Message, "no such compiler") {
		fmt.Println("a build that fails: its log ends with the reason")
	}
	broken, err := client.BlueprintFromID(failure.ResourceID)
	if err != nil {
		return err
	}
	return broken.Delete(ctx)
}
