package samples.flags;

import java.util.List;

/** The flags that are fetched unless others are asked for. */
final class Countries {

    /** The 20 most populous countries, the largest first: United Nations, World Population Prospects 2024, for 2025. */
    static final List<String> MOST_POPULOUS = List.of(
            "in", "cn", "us", "id", "pk", "ng", "br", "bd", "ru", "et", "mx", "jp", "eg", "ph", "cd", "vn", "ir", "tr",
            "de", "th");

    private Countries() {}
}
