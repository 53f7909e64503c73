// Go programs as people write them, and some with the bug of a public thread. Usage: zoo BEHAVIOUR [ADDRESS OR URL]
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

var never sync.Mutex

func main() {
	never.Lock()
	map[string]func(string){
		"serve":                 serve,
		"serve_locked":          serveLocked,
		"lines_locked":          linesLocked,
		"ask":                   ask,
		"leave_body_open":       leaveBodyOpen,
		"transport_per_request": transportPerRequest,
	}[os.Args[1]](os.Args[2])
}

func serve(address string) {
	http.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	fail(http.ListenAndServe(address, nil))
}

// Each handler waits for a lock that is never released. net/http reads on in the background, so it has read EOF.
func serveLocked(address string) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { never.Lock() })
	fail(http.ListenAndServe(address, nil))
}

// A goroutine for each connection, which waits for a lock before it reads.
func linesLocked(address string) {
	listener, err := net.Listen("tcp4", address)
	fail(err)
	for {
		conn, err := listener.Accept()
		fail(err)
		go func() {
			defer conn.Close()
			never.Lock()
			io.Copy(conn, conn)
		}()
	}
}

// As it should be: one client for all, whose answers are read and closed.
func ask(url string) {
	each(func() {
		response, err := http.Get(url)
		if err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}

// Neither read nor closed: the connection can't be used again.
func leaveBodyOpen(url string) {
	each(func() { http.Get(url) })
}

// Each Transport has a pool of its own, in which the connection stays.
func transportPerRequest(url string) {
	each(func() {
		client := http.Client{Transport: &http.Transport{}}
		response, err := client.Get(url)
		if err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}

func each(request func()) {
	for {
		request()
		time.Sleep(100 * time.Millisecond)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
