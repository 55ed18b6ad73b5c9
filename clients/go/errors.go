package knowflow

import (
	"errors"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	options "knowflow/gen/knowflow/options/v1"
)

const reasonPrefix = "ERROR_REASON_"

// Error is a call that failed.
type Error struct {
	// Reason says why, e.g. DATASET_NOT_FOUND; it is ERROR_REASON_UNSPECIFIED when the server was not reached.
	Reason options.ErrorReason
	// Code is the gRPC status.
	Code codes.Code
	// Message is the server's sentence.
	Message string
	// Metadata is what the error is about, e.g. the id that was not found.
	Metadata map[string]string
	// RequestID identifies the call in the server's log; it may be empty.
	RequestID string
}

// Error returns the sentence with the reason.
func (e *Error) Error() string {
	return fmt.Sprintf("knowflow: %s (%s)", e.Message, e.Reason)
}

// ReasonOf returns why a call failed, or ERROR_REASON_UNSPECIFIED for an error of another kind.
func ReasonOf(err error) options.ErrorReason {
	var failure *Error
	if errors.As(err, &failure) {
		return failure.Reason
	}
	return options.ErrorReason_ERROR_REASON_UNSPECIFIED
}

func reasonOf(name string) options.ErrorReason {
	return options.ErrorReason(options.ErrorReason_value[reasonPrefix+name])
}

// typed returns the error of a failed call; nil and what ends a stream stay as they are.
func typed(err error, trailer metadata.MD) error {
	known, ok := status.FromError(err)
	if err == nil || !ok {
		return err
	}
	failure := &Error{Code: known.Code(), Message: known.Message(), Metadata: map[string]string{}}
	for _, detail := range known.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			failure.Reason, failure.Metadata = reasonOf(info.Reason), info.Metadata
		}
	}
	if ids := trailer.Get("x-request-id"); len(ids) > 0 {
		failure.RequestID = ids[0]
	}
	return failure
}
