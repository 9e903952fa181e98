package benchmarks.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;

/** The object of the rows with JSON, of two kilobytes. */
public record Catalogue(String title, int total, List<Article> articles) {
    /** Jackson for the clients that bring no JSON along. */
    static final ObjectMapper MAPPER = new ObjectMapper();

    public static final Catalogue EXAMPLE = example();
    static final byte[] BYTES = EXAMPLE.toJson();

    public record Article(int id, String name, double price, boolean inStock, List<String> tags) {}

    private static Catalogue example() {
        var articles = IntStream.range(0, 20)
                .mapToObj(i -> new Article(
                        100_000 + i, "Article number " + i, 9.99 + i, i % 3 != 0, List.of("tools", "shelf " + i % 7)))
                .toList();
        return new Catalogue("Spring catalogue", articles.size(), articles);
    }

    byte[] toJson() {
        try {
            return MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a body that was read. */
    public void check() {
        if (articles.size() != EXAMPLE.articles.size()) {
            throw new IllegalStateException(articles.size() + " articles");
        }
    }
}
