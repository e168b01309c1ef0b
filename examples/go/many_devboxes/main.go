// Many devboxes at once, from many goroutines, with one client.
//
// It prints:
//
//	8 devboxes, 8 answers, the sum of which is 204
//	left: 0
package main

import (
	"context"
	"fmt"
	"log"
	"strconv"
	"strings"
	"sync"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

const devboxes = 8

func main() {
	ctx := context.Background()
	client, err := runloop.NewClient(nil)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	var all sync.WaitGroup
	answers := make([]int, devboxes)
	for i := range devboxes {
		all.Add(1)
		go func() {
			defer all.Done()
			var err error
			if answers[i], err = square(ctx, client, i+1); err != nil {
				log.Print(err)
			}
		}()
	}
	all.Wait()
	sum := 0
	for _, answer := range answers {
		sum += answer
	}
	fmt.Printf("%d devboxes, %d answers, the sum of which is %d\n", devboxes, len(answers), sum)

	// A list is walked item by item; the pages are fetched as they are needed.
	left := 0
	for item, err := range client.ListDevboxes(ctx, &runloop.DevboxListParams{Status: runloop.DevboxStatusRunning}) {
		if err != nil {
			log.Fatal(err)
		}
		item.Close()
		left++
	}
	fmt.Println("left:", left)
}

// square has a devbox of its own do the sum.
func square(ctx context.Context, client *runloop.Client, number int) (answer int, err error) {
	params := &runloop.DevboxCreateParams{Metadata: map[string]string{"batch": "squares"}}
	err = client.WithDevbox(ctx, params, func(ctx context.Context, devbox *runloop.Devbox) error {
		output, err := devbox.Command(ctx, fmt.Sprintf("echo $((%d * %d))", number, number)).Output()
		if err != nil {
			return err
		}
		answer, err = strconv.Atoi(strings.TrimSpace(string(output)))
		return err
	})
	return answer, err
}
