package samples.kv;

import static asyncio.Asyncio.*;
import static asyncio.io.Streams.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;

import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.io.StreamConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import samples.ProgressLine;

/**
 * Clients of a {@link KeyValueServer}, all of them connected before the first one sends. Each knows what the answers
 * have to be. One in twenty is killed on its way, and one in twenty sends everything before it begins to read.
 */
public final class Load {
    private static final int CONNECTING_AT_ONCE = 500;

    private final int port;
    private final int clients;
    private final int commands;
    private final ProgressLine progress;
    private final Event start = Event.create();
    private final Semaphore connecting = Semaphore.create(CONNECTING_AT_ONCE);
    private final List<Task<Void>> tasks = new ArrayList<>();

    private long checked;
    private long wrong;
    private int killed;
    private int slow;

    /** So many clients with so many commands each, for the server on a port of this machine. */
    public Load(int port, int clients, int commands, ProgressLine progress) {
        this.port = port;
        this.clients = clients;
        this.commands = commands;
        this.progress = progress;
    }

    /** Connects all clients. */
    public Coroutine<Void> connect() {
        return async(() -> {
            var connections = new ArrayList<Task<StreamConnection>>();
            for (var i = 0; i < clients; i++) {
                connections.add(createTask(connectOne()));
            }
            var number = 0;
            for (var connection : await(gather(connections))) {
                tasks.add(createTask(client(number++, connection)));
            }
        });
    }

    private Coroutine<StreamConnection> connectOne() {
        return async(() -> using(connecting, permit -> await(openConnection("127.0.0.1", port))));
    }

    /** Lets them send, and waits for all of them. */
    public Coroutine<Void> run() {
        return async(() -> {
            start.set();
            await(gather(tasks));
        });
    }

    private Coroutine<Void> client(int number, StreamConnection connection) {
        return async(() -> {
            await(start.waitSet());
            try (connection) {
                var session = new Session(number);
                switch (number % 20) {
                    case 7 -> sendAllThenRead(session, connection);
                    case 13 -> killOnItsWay(session, connection);
                    default -> sendAndRead(session, connection, commands);
                }
            }
            progress.step();
        });
    }

    private void sendAndRead(Session session, StreamConnection connection, int count) {
        for (var i = 0; i < count; i++) {
            connection.writer().write(session.next());
            await(connection.writer().drain());
            session.check(new String(await(connection.reader().readline()), UTF_8));
        }
    }

    private void sendAllThenRead(Session session, StreamConnection connection) {
        slow++;
        for (var i = 0; i < commands; i++) {
            connection.writer().write(session.next());
        }
        connection.writer().writeEof();
        await(sleep(ofMillis(200)));
        for (var line : each(connection.reader())) {
            session.check(new String(line, UTF_8));
        }
        wrong += session.expected.size();
    }

    private void killOnItsWay(Session session, StreamConnection connection) {
        killed++;
        sendAndRead(session, connection, session.random.nextInt(commands));
        connection.writer().write(session.next());
        connection.writer().transport().abort();
    }

    /** How many answers were looked at. */
    public long checked() {
        return checked;
    }

    /** How many of them were wrong or missing. */
    public long wrong() {
        return wrong;
    }

    /** How many clients were killed on their way. */
    public int killed() {
        return killed;
    }

    /** How many clients sent everything before they began to read. */
    public int slow() {
        return slow;
    }

    /** What one client does, and what it has to hear. */
    private final class Session {
        final Random random;
        final ArrayDeque<String> expected = new ArrayDeque<>();
        private final Map<String, Long> values = new HashMap<>();
        private final int number;

        Session(int number) {
            this.number = number;
            random = new Random(number);
        }

        /** The next command. */
        String next() {
            var key = number + ":" + random.nextInt(8);
            var value = values.get(key);
            switch (random.nextInt(4)) {
                case 0 -> {
                    var next = random.nextLong(1_000_000);
                    values.put(key, next);
                    expected.add("OK");
                    return "SET " + key + " " + next + "\n";
                }
                case 1 -> {
                    var sum = (value == null ? 0 : value) + 7;
                    values.put(key, sum);
                    expected.add("VALUE " + sum);
                    return "ADD " + key + " 7\n";
                }
                case 2 -> {
                    values.remove(key);
                    expected.add(value == null ? "NONE" : "OK");
                    return "DEL " + key + "\n";
                }
                default -> {
                    expected.add(value == null ? "NONE" : "VALUE " + value);
                    return "GET " + key + "\n";
                }
            }
        }

        void check(String answer) {
            checked++;
            if (!answer.strip().equals(expected.poll())) {
                wrong++;
            }
        }
    }
}
