// Package knowflow is the Go client of KnowFlow: generated messages and stubs with a thin layer over them, for keys, deadlines, typed errors, new
// attempts, pages, streams and uploads.
//
//	client, err := knowflow.Dial()
//	dataset, err := client.Datasets.Create(ctx, "Manuals")
//
// What has no method of its own: the generated stubs of gen/... on Client.Conn.
package knowflow
