package benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * The server that all HTTP clients meet: {@code /} is 13 bytes, {@code /1m} is 1 MiB, {@code /json} is a document; the
 * body of a POST is read and forgotten. It does hardly more than read and write, because a server that is slower than
 * the clients would make all of them look alike. It believes what its clients say, and knows no chunks.
 */
public final class HttpServer {
    private static final ByteBuffer HELLO = response("text/plain", Errand.HELLO.getBytes(US_ASCII));
    private static final ByteBuffer LARGE = response("application/octet-stream", new byte[Errand.MEBIBYTE]);
    private static final ByteBuffer JSON = response("application/json", Catalogue.BYTES);
    private static final int END = 0x0d0a0d0a;

    /** For all connections: between two reads nothing stays in it. */
    private static final ByteBuffer IN = ByteBuffer.allocateDirect(256 * 1024);

    private HttpServer() {}

    public static void main(String[] args) throws IOException {
        var selector = Selector.open();
        var server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Usage.announce(((InetSocketAddress) server.getLocalAddress()).getPort());

        while (true) {
            selector.select(key -> {
                if (key.isAcceptable()) {
                    accept(server, selector);
                } else {
                    ((Connection) key.attachment()).ready(key);
                }
            });
        }
    }

    private static ByteBuffer response(String type, byte[] body) {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        var response = ByteBuffer.allocateDirect(head.length() + body.length);
        return response.put(head.getBytes(US_ASCII)).put(body).flip();
    }

    private static void accept(ServerSocketChannel server, Selector selector) {
        try {
            for (var channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final byte[] head = new byte[2048];
        private int headLength;
        private int last4;

        /** How much of the body of a request is still to come. */
        private int bodyLeft;

        private ByteBuffer out = HELLO;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void ready(SelectionKey key) {
            try {
                if (key.isWritable()) {
                    write(key);
                } else if (channel.read(IN.clear()) < 0) {
                    channel.close();
                } else {
                    read(key, IN.flip());
                }
            } catch (IOException e) {
                try {
                    channel.close();
                } catch (IOException ignored) {
                    // It is gone either way.
                }
            }
        }

        /** A client waits for the answer before it sends more. */
        private void read(SelectionKey key, ByteBuffer in) throws IOException {
            if (bodyLeft == 0) {
                while (last4 != END) {
                    if (!in.hasRemaining()) {
                        return;
                    }
                    byte next = in.get();
                    head[headLength++] = next;
                    last4 = last4 << 8 | next;
                }
                out = answer();
                bodyLeft = head[0] == 'P' ? contentLength() : 0;
                headLength = 0;
                last4 = 0;
            }
            bodyLeft -= in.remaining();
            if (bodyLeft < 0) {
                throw new IOException("More than a request");
            }
            if (bodyLeft == 0) {
                Usage.requests++;
                write(key);
            }
        }

        private ByteBuffer answer() {
            boolean post = head[0] == 'P';
            byte afterSlash = head[post ? 6 : 5];
            return (afterSlash == '1' ? LARGE : afterSlash == 'j' ? JSON : HELLO).duplicate();
        }

        private int contentLength() {
            var text = new String(head, 0, headLength, US_ASCII).toLowerCase(Locale.ROOT);
            var name = "\r\ncontent-length:";
            int start = text.indexOf(name);
            if (start < 0) {
                throw new IllegalStateException("No length: " + text);
            }
            start += name.length();
            return Integer.parseInt(
                    text.substring(start, text.indexOf('\r', start)).strip());
        }

        private void write(SelectionKey key) throws IOException {
            channel.write(out);
            int wanted = out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }
    }
}
