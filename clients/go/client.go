package knowflow

import (
	"context"
	"crypto/tls"
	"math/rand"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"

	v1options "knowflow/gen/knowflow/options/v1"
	v1 "knowflow/gen/knowflow/v1"
)

const (
	defaultAddress  = "localhost:9390"
	defaultTimeout  = time.Minute
	answerTimeout   = 10 * time.Minute
	maxMessageBytes = 64 << 20
	retries         = 3
)

// Of a write that broke off nobody knows whether it was done, so only what reads is tried again. What is called a search costs credits.
var reading = []string{"Check", "Get", "List", "Retrieve"}

// Client is everything a program does with KnowFlow, over one connection. Its methods return *Error when the server refuses a call.
type Client struct {
	// Conn takes the generated stubs of gen/..., for what has no method here.
	Conn      *grpc.ClientConn
	Datasets  *Datasets
	Documents *Documents
	Chats     *Chats
	Agents    *Agents

	retrieval v1.RetrievalServiceClient
	system    v1.SystemServiceClient
}

type settings struct {
	address, apiKey string
	secure          bool
	timeout         time.Duration
}

// Option changes how a client calls.
type Option func(*settings)

// WithAddress sets host and port of the gRPC port, or of the gateway. Default: KNOWFLOW_ADDRESS, else localhost:9390.
func WithAddress(address string) Option { return func(s *settings) { s.address = address } }

// WithAPIKey sets the key which is shown with each call. Default: KNOWFLOW_API_KEY.
func WithAPIKey(key string) Option { return func(s *settings) { s.apiKey = key } }

// WithTLS encrypts the connection.
func WithTLS() Option { return func(s *settings) { s.secure = true } }

// WithTimeout sets how long a call may take whose context has no deadline. Default: a minute; streams have no limit.
func WithTimeout(timeout time.Duration) Option { return func(s *settings) { s.timeout = timeout } }

// Dial returns a client. It connects with the first call.
func Dial(options ...Option) (*Client, error) {
	s := settings{address: os.Getenv("KNOWFLOW_ADDRESS"), apiKey: os.Getenv("KNOWFLOW_API_KEY"), timeout: defaultTimeout}
	for _, option := range options {
		option(&s)
	}
	if s.address == "" {
		s.address = defaultAddress
	}
	s.secure = s.secure || strings.HasPrefix(s.address, "https://")
	address := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s.address, "https://"), "http://"), "/")
	security := grpc.WithInsecure()
	if s.secure {
		security = grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}))
	}
	conn, err := grpc.Dial(address, security,
		grpc.WithUnaryInterceptor(s.unary), grpc.WithStreamInterceptor(s.stream),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes), grpc.MaxCallSendMsgSize(maxMessageBytes)))
	if err != nil {
		return nil, err
	}
	chunks := v1.NewChunkServiceClient(conn)
	return &Client{
		Conn:      conn,
		Datasets:  &Datasets{v1.NewDatasetServiceClient(conn)},
		Documents: &Documents{v1.NewDocumentServiceClient(conn), chunks},
		Chats:     &Chats{v1.NewChatServiceClient(conn), v1.NewCompletionServiceClient(conn)},
		Agents:    &Agents{v1.NewAgentServiceClient(conn), v1.NewAgentRunServiceClient(conn)},
		retrieval: v1.NewRetrievalServiceClient(conn),
		system:    v1.NewSystemServiceClient(conn),
	}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.Conn.Close() }

// Health returns whether the server works; it needs no key.
func (c *Client) Health(ctx context.Context) (*v1.CheckHealthResponse, error) {
	return c.system.CheckHealth(ctx, &v1.CheckHealthRequest{})
}

// Retrieve returns the chunks which answer a question, best first. The request's DatasetIds or DocumentIds are required.
func (c *Client) Retrieve(ctx context.Context, request *v1.RetrieveRequest) ([]*v1.RetrievedChunk, error) {
	answer, err := c.retrieval.Retrieve(ctx, request)
	return answer.GetData().GetChunks(), err
}

func (s settings) outgoing(ctx context.Context) context.Context {
	if s.apiKey == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+s.apiKey)
}

func (s settings) unary(ctx context.Context, method string, request, answer interface{}, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	for attempt := 0; ; attempt++ {
		var trailer metadata.MD
		err := typed(invoke(s.outgoing(ctx), method, request, answer, conn, append(options, grpc.Trailer(&trailer))...), trailer)
		failure, known := err.(*Error)
		// With a reason it is the server that refuses the call.
		reached := !known || failure.Code != codes.Unavailable || failure.Reason != v1options.ErrorReason_ERROR_REASON_UNSPECIFIED
		if reached || attempt >= retries || !reads(method) {
			return err
		}
		wait := time.Duration(float64(200*time.Millisecond) * (0.5 + rand.Float64()) * float64(int(1)<<(2*attempt)))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

func (s settings) stream(ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string,
	streamer grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := streamer(s.outgoing(ctx), description, conn, method, options...)
	if err != nil {
		return nil, typed(err, nil)
	}
	return typedStream{stream}, nil
}

type typedStream struct{ grpc.ClientStream }

func (s typedStream) RecvMsg(message interface{}) error {
	err := s.ClientStream.RecvMsg(message)
	if err == nil {
		return nil
	}
	return typed(err, s.ClientStream.Trailer())
}

func reads(method string) bool {
	name := method[strings.LastIndex(method, "/")+1:]
	for _, prefix := range reading {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
