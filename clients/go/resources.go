package knowflow

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"

	v1 "knowflow/gen/knowflow/v1"
)

const (
	pageSize   = 200
	pieceBytes = 1 << 20
)

// Iterator goes over a list, whose pages are fetched as needed.
type Iterator[T any] struct {
	fetch func(page int32) ([]T, int32, error)
	page  int32
	seen  int32
	total int32
	items []T
}

// Next returns the next item, and io.EOF after the last one.
func (it *Iterator[T]) Next() (T, error) {
	var none T
	if len(it.items) == 0 {
		if it.page > 0 && it.seen >= it.total {
			return none, io.EOF
		}
		it.page++
		items, total, err := it.fetch(it.page)
		if err != nil {
			return none, err
		}
		if len(items) == 0 {
			it.total = it.seen
			return none, io.EOF
		}
		it.items, it.total, it.seen = items, total, it.seen+int32(len(items))
	}
	item := it.items[0]
	it.items = it.items[1:]
	return item, nil
}

// Datasets make, list and delete datasets.
type Datasets struct{ stub v1.DatasetServiceClient }

// Create makes a dataset with default settings.
func (d *Datasets) Create(ctx context.Context, name string) (*v1.Dataset, error) {
	return d.CreateWith(ctx, &v1.CreateDatasetRequest{Name: &name})
}

// CreateWith makes a dataset.
func (d *Datasets) CreateWith(ctx context.Context, request *v1.CreateDatasetRequest) (*v1.Dataset, error) {
	answer, err := d.stub.CreateDataset(ctx, request)
	return answer.GetData(), err
}

// List goes over all datasets, newest first.
func (d *Datasets) List(ctx context.Context) *Iterator[*v1.Dataset] {
	return &Iterator[*v1.Dataset]{fetch: func(page int32) ([]*v1.Dataset, int32, error) {
		size := int32(pageSize)
		answer, err := d.stub.ListDatasets(ctx, &v1.ListDatasetsRequest{Page: &page, PageSize: &size})
		return answer.GetData().GetDatasets(), answer.GetData().GetTotal(), err
	}}
}

// Delete deletes datasets with everything in them, all or none.
func (d *Datasets) Delete(ctx context.Context, ids ...string) error {
	list, err := listed(ids)
	if err != nil {
		return err
	}
	_, err = d.stub.DeleteDatasets(ctx, &v1.DeleteDatasetsRequest{Ids: list})
	return err
}

// Documents upload files, follow their parsing and fetch them back.
type Documents struct {
	stub   v1.DocumentServiceClient
	chunks v1.ChunkServiceClient
}

// Upload uploads files; nothing is parsed yet. progress, which may be nil, is called with the bytes sent so far.
func (d *Documents) Upload(ctx context.Context, datasetID string, paths []string, progress func(sent int64)) ([]*v1.Document, error) {
	// An upload which ends early, as with a file that cannot be read, must not stay open on the server.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := d.stub.UploadFiles(ctx)
	if err != nil {
		return nil, err
	}
	err = stream.Send(&v1.UploadFilesRequest{Piece: &v1.UploadFilesRequest_DatasetId{DatasetId: datasetID}})
	var sent int64
	for _, path := range paths {
		if err != nil {
			break
		}
		err = sendFile(stream, path, func(count int) {
			sent += int64(count)
			if progress != nil {
				progress(sent)
			}
		})
	}
	// A server that refuses the upload ends the stream, which sending shows as io.EOF; receiving says why.
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	answer, err := stream.CloseAndRecv()
	return answer.GetData(), err
}

func sendFile(stream v1.DocumentService_UploadFilesClient, path string, sent func(int)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := float64(info.Size())
	header := &v1.FileHeader{Name: filepath.Base(path), Size: &size}
	if err := stream.Send(&v1.UploadFilesRequest{Piece: &v1.UploadFilesRequest_File{File: header}}); err != nil {
		return err
	}
	for {
		piece := make([]byte, pieceBytes)
		count, err := io.ReadFull(file, piece)
		if count > 0 {
			message := &v1.UploadFilesRequest{Piece: &v1.UploadFilesRequest_Data{Data: piece[:count]}}
			if err := stream.Send(message); err != nil {
				return err
			}
			sent(count)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// List goes over the documents of a dataset, newest first.
func (d *Documents) List(ctx context.Context, datasetID string) *Iterator[*v1.Document] {
	return &Iterator[*v1.Document]{fetch: func(page int32) ([]*v1.Document, int32, error) {
		size := int32(pageSize)
		request := &v1.ListDocumentsRequest{DatasetId: datasetID, Page: &page, PageSize: &size}
		answer, err := d.stub.ListDocuments(ctx, request)
		return answer.GetData().GetDocuments(), answer.GetData().GetTotal(), err
	}}
}

// Parse has documents parsed, in the background.
func (d *Documents) Parse(ctx context.Context, datasetID string, ids ...string) error {
	_, err := d.chunks.ParseOrCreateChunk(ctx, &v1.ParseOrCreateChunkRequest{DatasetId: datasetID, DocumentIds: ids})
	return err
}

// Watch calls a function with a document now and at each step of its parsing, and returns its last state when none runs.
func (d *Documents) Watch(ctx context.Context, datasetID, id string, step func(*v1.Document)) (*v1.Document, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := d.stub.WatchDocument(ctx, &v1.WatchDocumentRequest{DatasetId: datasetID, DocumentId: id})
	if err != nil {
		return nil, err
	}
	var last *v1.Document
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return last, nil
		}
		if err != nil {
			return last, err
		}
		last = message.Document
		if step != nil {
			step(last)
		}
	}
}

// Delete deletes documents with their chunks.
func (d *Documents) Delete(ctx context.Context, datasetID string, ids ...string) error {
	list, err := listed(ids)
	if err != nil {
		return err
	}
	_, err = d.stub.DeleteDocuments(ctx, &v1.DeleteDocumentsRequest{DatasetId: datasetID, Ids: list})
	return err
}

// Chats make assistants and ask them.
type Chats struct {
	stub        v1.ChatServiceClient
	completions v1.CompletionServiceClient
}

// Create makes an assistant over datasets with default settings.
func (c *Chats) Create(ctx context.Context, name string, datasetIDs ...string) (*v1.Chat, error) {
	answer, err := c.stub.CreateChat(ctx, &v1.CreateChatRequest{Name: &name, DatasetIds: datasetIDs})
	return answer.GetData(), err
}

// Delete deletes assistants with their sessions.
func (c *Chats) Delete(ctx context.Context, ids ...string) error {
	list, err := listed(ids)
	if err != nil {
		return err
	}
	_, err = c.stub.DeleteChats(ctx, &v1.DeleteChatsRequest{Ids: list})
	return err
}

// Complete asks a question; without a session in the request a new one begins.
func (c *Chats) Complete(ctx context.Context, request *v1.CompleteRequest) (*v1.CompleteResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return c.completions.Complete(ctx, request)
}

// Stream asks a question, calls a function with each piece of the answer as it is written, and returns the whole answer.
func (c *Chats) Stream(ctx context.Context, request *v1.StreamCompleteRequest, delta func(string)) (*v1.CompleteResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.completions.StreamComplete(ctx, request)
	if err != nil {
		return nil, err
	}
	for {
		message, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		switch event := message.Event.(type) {
		case *v1.StreamCompleteResponse_Delta:
			delta(event.Delta)
		case *v1.StreamCompleteResponse_Failed:
			return nil, &Error{Reason: reasonOf(event.Failed.Reason), Code: codes.Unknown, Message: event.Failed.Message}
		case *v1.StreamCompleteResponse_Finished:
			return event.Finished, nil
		}
	}
}

// Agents make agents and run them.
type Agents struct {
	stub v1.AgentServiceClient
	runs v1.AgentRunServiceClient
}

// Create makes an agent from its graph, and returns its id.
func (a *Agents) Create(ctx context.Context, title string, dsl *structpb.Struct) (string, error) {
	answer, err := a.stub.CreateAgent(ctx, &v1.CreateAgentRequest{Title: &title, Dsl: dsl})
	return answer.GetId(), err
}

// Delete deletes an agent with its sessions.
func (a *Agents) Delete(ctx context.Context, id string) error {
	_, err := a.stub.DeleteAgent(ctx, &v1.DeleteAgentRequest{AgentId: id})
	return err
}

// Run runs an agent, and returns its whole answer.
func (a *Agents) Run(ctx context.Context, request *v1.RunRequest) (*v1.RunResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return a.runs.Run(ctx, request)
}

// listed refuses an empty list, which would mean all.
func listed(ids []string) (*structpb.Value, error) {
	if len(ids) == 0 {
		return nil, errors.New("knowflow: name at least one id; what deletes everything says so")
	}
	values := make([]*structpb.Value, len(ids))
	for i, id := range ids {
		values[i] = structpb.NewStringValue(id)
	}
	return structpb.NewListValue(&structpb.ListValue{Values: values}), nil
}
