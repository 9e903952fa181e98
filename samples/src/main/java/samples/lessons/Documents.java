package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;

import asyncio.AsyncGenerator;
import asyncio.AsyncIterator;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.StopAsyncIteration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Documents that come page by page: from a generator, and from an iterator that keeps the rest of a page. */
final class Documents {
    private final List<List<String>> pages;
    private int fetched;

    Documents(List<List<String>> pages) {
        this.pages = pages;
    }

    /** An empty page is the end. */
    private Coroutine<List<String>> fetchPage() {
        return async(() -> {
            await(sleep(ofMillis(100)));
            var page = fetched < pages.size() ? pages.get(fetched) : List.<String>of();
            fetched++;
            System.out.println("fetched page " + fetched + ": " + page.size());
            return page;
        });
    }

    AsyncGenerator<String> generated() {
        return asyncGenerator(out -> {
            var page = await(fetchPage());
            while (!page.isEmpty()) {
                for (var document : page) {
                    out.yield(document);
                }
                page = await(fetchPage());
            }
        });
    }

    /** The same without a generator, as it was done before there were any. */
    AsyncIterator<String> iterated() {
        return new AsyncIterator<>() {
            private final Deque<String> buffer = new ArrayDeque<>();

            @Override
            public Awaitable<String> anext() {
                return async(() -> {
                    if (buffer.isEmpty()) {
                        buffer.addAll(await(fetchPage()));
                    }
                    if (buffer.isEmpty()) {
                        throw new StopAsyncIteration();
                    }
                    return buffer.remove();
                });
            }
        };
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            var pages = List.of(List.of("one", "two"), List.of("three"));
            for (var document : each(new Documents(pages).generated())) {
                System.out.println("generated " + document);
            }
            for (var document : each(new Documents(pages).iterated())) {
                System.out.println("iterated " + document);
            }
        });
    }

    static void main() {
        run(lesson());
    }
}
