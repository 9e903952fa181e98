package samples.http;

import static asyncio.Asyncio.*;

import asyncio.http.ClientSession;

/** Fetches one page. */
public final class FirstRequest {
    private FirstRequest() {}

    public static void main(String[] args) {
        run(() -> {
            try (var session = ClientSession.create();
                    var response = await(session.get(args[0]))) {
                System.out.println(response.status() + " " + response.contentType());
                System.out.println(await(response.text()));
            }
        });
    }
}
