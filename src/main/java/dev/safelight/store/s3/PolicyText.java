package dev.safelight.store.s3;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Policy documents, whose statements services spell and order as they like: here each has one spelling.
public final class PolicyText {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PolicyText() {}

    /// The statements of a document, each in its canonical form; a document that cannot be read is one of them.
    public static List<String> statements(String document) {
        try {
            JsonNode statements = JSON.readTree(document).path("Statement");
            return (statements.isArray() ? statements.valueStream() : Stream.of(statements))
                    .map(statement -> JSON.writeValueAsString(canonical(statement)))
                    .toList();
        } catch (JacksonException unreadable) {
            return List.of(document);
        }
    }

    /// A statement in its canonical form: names in order, lists in order, a list of one as what is in it.
    public static String statement(Map<String, ?> statement) {
        return JSON.writeValueAsString(canonical(JSON.valueToTree(statement)));
    }

    /// What a statement is called; empty where it has no name.
    public static String id(String statement) {
        try {
            return JSON.readTree(statement).path("Sid").asString("");
        } catch (JacksonException unreadable) {
            return "";
        }
    }

    public static String document(List<String> statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    private static Object canonical(JsonNode node) {
        if (node.isArray()) {
            List<Object> items = node.valueStream()
                    .map(PolicyText::canonical)
                    .sorted((a, b) -> String.valueOf(a).compareTo(String.valueOf(b)))
                    .toList();
            return items.size() == 1 ? items.getFirst() : items;
        }
        if (node.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            node.propertyStream().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
            return fields;
        }
        // Conditions hold texts, which some services write as they were sent and others as what they mean.
        return node.asString();
    }
}
