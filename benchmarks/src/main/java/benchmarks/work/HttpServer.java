package benchmarks.work;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The server that all HTTP clients meet: it answers each request with the same few bytes and keeps the connection. It
 * does hardly more than read and write, because a server that is slower than the clients would make all of them look
 * alike. Prints its port, and ends when its input does.
 */
public final class HttpServer {
    private static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!".getBytes(US_ASCII);
    private static final int END = 0x0d0a0d0a;

    private HttpServer() {}

    public static void main(String[] args) throws IOException {
        var selector = Selector.open();
        var server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());

        var end = new Thread(HttpServer::endWithInput);
        end.setDaemon(true);
        end.start();

        while (true) {
            selector.select(key -> {
                if (key.isAcceptable()) {
                    accept(server, selector);
                } else {
                    ((Connection) key.attachment()).answer();
                }
            });
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) {
        try {
            var channel = server.accept();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // As good as the end.
        }
        System.exit(0);
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        private final ByteBuffer out =
                ByteBuffer.allocateDirect(RESPONSE.length).put(RESPONSE);
        private int last4;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        /** A GET has no body: every empty line is the end of a request. */
        void answer() {
            try {
                in.clear();
                if (channel.read(in) < 0) {
                    channel.close();
                    return;
                }
                in.flip();
                while (in.hasRemaining()) {
                    last4 = last4 << 8 | in.get();
                    if (last4 == END) {
                        out.rewind();
                        while (out.hasRemaining()) {
                            channel.write(out);
                        }
                    }
                }
            } catch (IOException e) {
                try {
                    channel.close();
                } catch (IOException ignored) {
                    // It is gone either way.
                }
            }
        }
    }
}
