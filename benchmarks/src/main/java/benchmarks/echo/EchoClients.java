package benchmarks.echo;

import java.io.EOFException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Clients that send a message and wait until it has come back, each on a thread of its own. Prints how many messages
 * went to and fro in a second, after some seconds to get warm.
 */
public final class EchoClients {
    private EchoClients() {}

    /** The arguments: port, clients, bytes of a message, seconds to get warm, seconds that count. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int clients = Integer.parseInt(arguments[1]);
        int size = Integer.parseInt(arguments[2]);
        var counts = new AtomicLongArray(clients);
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < clients; i++) {
            var number = i;
            var thread = new Thread(() -> talk(port, size, counts, number));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        Thread.sleep((long) (1000 * Double.parseDouble(arguments[3])));
        var before = sum(counts);
        var began = System.nanoTime();
        Thread.sleep((long) (1000 * Double.parseDouble(arguments[4])));
        var done = sum(counts) - before;
        System.out.println(String.format(Locale.ROOT, "%.0f", done / ((System.nanoTime() - began) / 1e9)));
        for (var thread : threads) {
            if (!thread.isAlive()) {
                System.exit(1);
            }
        }
    }

    private static void talk(int port, int size, AtomicLongArray counts, int number) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            var message = new byte[size];
            var answer = new byte[size];
            while (true) {
                socket.getOutputStream().write(message);
                if (socket.getInputStream().readNBytes(answer, 0, size) < size) {
                    throw new EOFException();
                }
                counts.incrementAndGet(number);
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    private static long sum(AtomicLongArray counts) {
        long sum = 0;
        for (var i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }
}
