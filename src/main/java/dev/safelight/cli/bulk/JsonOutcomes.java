package dev.safelight.cli.bulk;

import dev.safelight.cli.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes outcomes as one JSON document, `{"assets":[…],"summary":{…}}`, an outcome on each line as it comes.
public final class JsonOutcomes implements OutcomeWriter {
    private final PrintWriter out;
    private String before = "{\"assets\":[\n";

    public JsonOutcomes(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void told(Outcome outcome) {
        out.print(before);
        out.print(Json.LINE.writeValueAsString(fields(outcome)));
        before = ",\n";
    }

    private static Map<String, @Nullable Object> fields(Outcome outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("file", outcome.file());
        fields.put("assetId", outcome.assetId());
        fields.put("uploadId", outcome.uploadId());
        fields.put("status", outcome.status());
        fields.put("reason", outcome.reason());
        fields.put("detail", outcome.detail());
        fields.put("originalBytes", outcome.originalBytes());
        fields.put("sent", outcome.isSent());
        return fields;
    }

    @Override
    public void end(Map<String, Object> summary) {
        out.print(before.startsWith("{") ? before : "\n");
        out.println("],\"summary\":" + Json.LINE.writeValueAsString(summary) + "}");
        out.flush();
    }
}
