package benchmarks.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask and leave before the answer: {@code Leavers PORT CLIENTS SECONDS}. It prints how many requests that
 * were.
 */
public final class Leavers {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Leavers() {}

    public static void main(String[] args) throws InterruptedException {
        var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        var clients = Integer.parseInt(args[1]);
        var end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000;
        var left = new AtomicLong();
        var threads = new Thread[clients];
        for (var i = 0; i < clients; i++) {
            threads[i] = new Thread(() -> leave(address, end, left));
            threads[i].start();
        }
        for (var thread : threads) {
            thread.join();
        }
        System.out.println("left before the answer: " + left);
    }

    private static void leave(InetSocketAddress address, long end, AtomicLong left) {
        while (System.nanoTime() < end) {
            try (var socket = new Socket()) {
                socket.setSoLinger(true, 0);
                socket.connect(address, 5000);
                socket.getOutputStream().write(REQUEST);
                Thread.sleep(1);
                left.incrementAndGet();
                socket.close();
                awaitAnswer(address);
            } catch (IOException refused) {
                // The server is busy: once more.
            } catch (InterruptedException stop) {
                return;
            }
            pause();
        }
    }

    /**
     * Has one request answered, on a connection behind the one that was left: so no more of those wait for a server
     * that is slow than there are clients.
     */
    private static void awaitAnswer(InetSocketAddress address) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(5000);
            socket.connect(address, 5000);
            socket.getOutputStream().write(REQUEST);
            socket.getInputStream().read();
        }
    }

    /** Without it a server has more connections to accept than it can close. */
    private static void pause() {
        try {
            Thread.sleep(49);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
