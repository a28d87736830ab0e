package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The body of an answer: elements and their texts, in the order in which they are added.
final class Xml {
    private final StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<String> open = new ArrayDeque<>();

    Xml(String root) {
        open(root);
    }

    Xml open(String name) {
        open.push(name);
        text.append('<').append(name).append('>');
        return this;
    }

    Xml add(String name, String content) {
        text.append('<').append(name).append('>');
        text.append(escape(content));
        text.append("</").append(name).append('>');
        return this;
    }

    Xml close() {
        text.append("</").append(open.pop()).append('>');
        return this;
    }

    static void write(HttpServletResponse response, Xml xml) throws IOException {
        while (!xml.open.isEmpty()) {
            xml.close();
        }
        byte[] bytes = xml.text.toString().getBytes(UTF_8);
        response.setContentType("application/xml");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
