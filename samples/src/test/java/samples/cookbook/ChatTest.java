package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.ClientWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;

/** Talking both ways. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatTest {

    // ---- recipes

    static Coroutine<List<String>> chat(ClientSession session, String url, List<String> lines) {
        return async(() -> {
            var heard = new ArrayList<String>();
            with(session.wsConnect(url).heartbeat(ofSeconds(30)), ws -> {
                with(taskGroup(), group -> {
                    group.createTask(hear(ws, heard));
                    for (var line : lines) {
                        await(ws.sendStr(line));
                    }
                });
            });
            return heard;
        });
    }

    static Coroutine<Void> hear(ClientWebSocket ws, List<String> heard) {
        return async(() -> {
            for (var message : each(ws)) { // Until the server closes.
                heard.add(message.text());
            }
        });
    }

    // ---- tests

    @Test
    void talksAndListensAtOnce() {
        try (var server = LocalServer.startWebSocket(ws -> {
            ws.writeTextMessage("Welcome");
            ws.textMessageHandler(text -> {
                if (text.equals("bye")) {
                    ws.close();
                } else {
                    ws.writeTextMessage("You said " + text);
                }
            });
        })) {
            var url = "ws://127.0.0.1:" + server.port() + "/chat";
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(
                            List.of("Welcome", "You said hello"), await(chat(session, url, List.of("hello", "bye"))));
                }
            });
        }
    }
}
