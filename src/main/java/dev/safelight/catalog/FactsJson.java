package dev.safelight.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.safelight.asset.Facts;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The stored form of facts: JSON with a `kind`.
final class FactsJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(Facts.class, Kinds.class)
            // Facts that were stored before a field came up do without it.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private FactsJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Facts.Image.class, name = "image"))
    private interface Kinds {}

    static String write(Facts facts) {
        return JSON.writerFor(Facts.class).writeValueAsString(facts);
    }

    static Facts read(String json) {
        return JSON.readValue(json, Facts.class);
    }
}
