package samples.kv;

import static asyncio.Asyncio.*;
import static asyncio.io.Streams.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.io.LineTooLongException;
import asyncio.io.Server;
import asyncio.io.ServerOptions;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps values by keys. A client sends a line for each command, and gets one for each answer:
 *
 * <pre>
 * SET key value    OK
 * GET key          VALUE value, or NONE
 * ADD key number   VALUE sum; a key that is not there counts as 0
 * DEL key          OK, or NONE
 * QUIT             BYE, and the connection is closed
 * </pre>
 *
 * <p>All connections are tasks of one loop, so that the map needs no lock: between two awaits nobody else touches it.
 */
public final class KeyValueServer {
    private static final int LONGEST_LINE = 1024;

    private final Map<String, String> values = new HashMap<>();
    private int open;
    private int most;
    private long served;

    /** Starts to listen on a port of the loopback address; 0 for a free one. */
    public Coroutine<Server> start(int port) {
        var options = ServerOptions.NONE.withLimit(LONGEST_LINE).withBacklog(1024);
        return startServer(this::serve, "127.0.0.1", port, options);
    }

    private void serve(StreamReader reader, StreamWriter writer) {
        most = Math.max(most, ++open);
        try {
            converse(reader, writer);
        } catch (LineTooLongException e) {
            writer.write("ERROR a line has at most " + LONGEST_LINE + " bytes\n");
        } catch (Exception e) {
            if (!(e instanceof IOException)) {
                throw e;
            }
            // The client is gone. That is its affair.
        } finally {
            writer.close();
            open--;
        }
    }

    private void converse(StreamReader reader, StreamWriter writer) {
        for (var line : each(reader)) {
            var answer = answer(new String(line, UTF_8).strip());
            served++;
            writer.write(answer + "\n");
            // Waits for a client that does not read its answers: meanwhile no more of its commands are read.
            await(writer.drain());
            if (answer.equals("BYE")) {
                return;
            }
        }
    }

    private String answer(String line) {
        var words = line.split(" ", 3);
        return switch (words[0] + " " + (words.length - 1)) {
            case "SET 2" -> {
                values.put(words[1], words[2]);
                yield "OK";
            }
            case "GET 1" -> value(values.get(words[1]));
            case "ADD 2" -> add(words[1], words[2]);
            case "DEL 1" -> values.remove(words[1]) == null ? "NONE" : "OK";
            case "QUIT 0" -> "BYE";
            default -> "ERROR unknown command: " + line;
        };
    }

    private String add(String key, String number) {
        try {
            var sum = Long.parseLong(values.getOrDefault(key, "0")) + Long.parseLong(number);
            values.put(key, Long.toString(sum));
            return value(Long.toString(sum));
        } catch (NumberFormatException e) {
            return "ERROR not a number";
        }
    }

    private static String value(String value) {
        return value == null ? "NONE" : "VALUE " + value;
    }

    /** How many connections are open. */
    public int open() {
        return open;
    }

    /** How many connections were open at the same time at most. */
    public int most() {
        return most;
    }

    /** How many commands were answered. */
    public long served() {
        return served;
    }
}
