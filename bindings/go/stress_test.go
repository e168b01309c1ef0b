package runloop_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

// setting is a number from the environment, for longer runs and for the repetition of one.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	return must(strconv.Atoi(text))(t)
}

// Many goroutines, each with commands in a devbox of its own, whose contexts end at random moments: at
// the end no goroutine, handle, devbox or process may be left. RUNLOOP_STRESS_GOROUTINES says how many,
// RUNLOOP_STRESS_SEED which run. With room for few devboxes at a time most commands come to their end; with
// all at once most creates are cut short, on a machine that has more to do than it can.
func TestStress(t *testing.T) {
	if testing.Short() {
		t.Skip("the long run is without -short")
	}
	count := setting(t, "RUNLOOP_STRESS_GOROUTINES", 1000)
	seed := setting(t, "RUNLOOP_STRESS_SEED", 1)
	for _, room := range []int{64, count} {
		t.Run(strconv.Itoa(room)+" devboxes at a time", func(t *testing.T) { stress(t, count, seed, make(chan struct{}, room)) })
	}
}

func stress(t *testing.T, count, seed int, room chan struct{}) {
	emulator, client := start(t)
	var whole, cut atomic.Int64
	var all sync.WaitGroup
	for i := range count {
		all.Add(1)
		go func() {
			defer all.Done()
			room <- struct{}{}
			defer func() { <-room }()
			random := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(5000))*time.Millisecond)
			defer cancel()
			err := client.WithDevbox(ctx, nil, func(ctx context.Context, d *runloop.Devbox) error {
				defer d.Close()
				for range 1 + random.IntN(3) {
					if err := oneCommand(ctx, d, random); err != nil {
						return err
					}
				}
				return nil
			})
			switch {
			case err == nil:
				whole.Add(1)
			case errors.Is(err, context.DeadlineExceeded) && errors.As(err, new(*runloop.Error)):
				cut.Add(1)
			default:
				t.Errorf("goroutine %d of seed %d: %v", i, seed, err)
			}
		}()
	}
	all.Wait()
	t.Logf("%d ran to their end, %d were cut short", whole.Load(), cut.Load())
	// How many come to their end with all at once is the machine's affair.
	if whole.Load()+cut.Load() != int64(count) || cut.Load() == 0 || whole.Load() == 0 && cap(room) < count {
		t.Errorf("of %d goroutines %d ran to their end and %d were cut short", count, whole.Load(), cut.Load())
	}
	eventually(t, "devboxes are left", func() bool { return len(emulator.Leaks().Devboxes) == 0 })
}

// oneCommand runs a command in one of the ways there are, and checks what it prints.
func oneCommand(ctx context.Context, d *runloop.Devbox, random *rand.Rand) error {
	number := strconv.Itoa(random.IntN(1e6))
	command := d.Command(ctx, "echo "+number)
	var output []byte
	var err error
	switch random.IntN(5) {
	case 0:
		output, err = command.Output()
	case 1:
		output, err = command.CombinedOutput()
	case 2:
		command.Command = "cat"
		command.Stdin = strings.NewReader(number + "\n")
		output, err = command.Output()
	case 3:
		command.Command += "; sleep 1"
		output, err = command.CombinedOutput()
	default:
		if err := d.WriteFile(ctx, "number", []byte(number+"\n")); err != nil {
			return err
		}
		output, err = d.ReadFile(ctx, "number")
	}
	if err == nil && string(output) != number+"\n" {
		return errors.New("it printed " + strconv.Quote(string(output)) + ", not " + number)
	}
	return err
}
