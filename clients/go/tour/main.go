// Command tour makes a dataset of two files, searches it, asks an assistant, and prints what it saw as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"runtime"

	"knowflow"
	v1 "knowflow/gen/knowflow/v1"
)

const name = "of the Go client"

func main() {
	log.SetFlags(0)
	seen := map[string]interface{}{}
	ctx := context.Background()
	client, err := knowflow.Dial()
	check(err)
	defer client.Close()
	dataset, err := client.Datasets.Create(ctx, name)
	check(err)

	var sent int64
	documents, err := client.Documents.Upload(ctx, dataset.Id, os.Args[1:], func(count int64) { sent = count })
	check(err)
	var ids, names, runs []string
	for _, document := range documents {
		ids, names = append(ids, document.Id), append(names, document.Name)
	}
	before, missing := runtime.NumGoroutine(), 0
	for i := 0; i < 20; i++ {
		if _, err := client.Documents.Upload(ctx, dataset.Id, []string{"/nowhere"}, nil); errors.Is(err, os.ErrNotExist) {
			missing++
		}
	}
	check(client.Documents.Parse(ctx, dataset.Id, ids...))
	// A call which stays open keeps a goroutine.
	seen["missing"], seen["open"] = missing, runtime.NumGoroutine()-before >= 10
	for _, id := range ids {
		last, err := client.Documents.Watch(ctx, dataset.Id, id, nil)
		check(err)
		runs = append(runs, last.Run)
	}
	seen["uploaded"], seen["bytes"], seen["runs"] = names, sent, runs

	question, top := "Who barks?", int32(1)
	chunks, err := client.Retrieve(ctx, &v1.RetrieveRequest{Question: &question, DatasetIds: []string{dataset.Id}, PageSize: &top})
	check(err)
	seen["best"] = chunks[0].Content

	chat, err := client.Chats.Create(ctx, name, dataset.Id)
	check(err)
	text := ""
	answer, err := client.Chats.Stream(ctx, &v1.StreamCompleteRequest{ChatId: chat.Id, Question: question}, func(delta string) { text += delta })
	check(err)
	seen["text"], seen["answer"] = text, answer.Answer

	_, err = client.Datasets.Create(ctx, name)
	var failure *knowflow.Error
	if errors.As(err, &failure) {
		seen["error"] = []interface{}{failure.Reason.String(), failure.Metadata, failure.RequestID != ""}
	}
	_, err = client.Chats.Stream(ctx, &v1.StreamCompleteRequest{ChatId: "nobody", Question: question}, func(string) {})
	seen["stream_error"] = knowflow.ReasonOf(err).String()

	found := 0
	for all := client.Datasets.List(ctx); ; {
		one, err := all.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		check(err)
		if one.Id == dataset.Id {
			found++
		}
	}
	seen["found"] = found
	check(client.Chats.Delete(ctx, chat.Id))
	check(client.Datasets.Delete(ctx, dataset.Id))
	check(json.NewEncoder(os.Stdout).Encode(seen))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
