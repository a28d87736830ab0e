package dev.safelight.image;

import dev.safelight.asset.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Decides whether an SVG is a drawing and nothing else: no script, no handler, nothing fetched from elsewhere.
///
/// Refused and not repaired: what a sanitiser leaves behind has been the hole in too many products.
public final class SvgCheck {
    private static final int MAX_BYTES = 10 << 20;
    private static final int MAX_DEPTH = 256;

    /// Elements that run code, embed other documents or take input, in any namespace, in lower case.
    private static final Set<String> ACTIVE_ELEMENTS = Set.of(
            "script",
            "foreignobject",
            "iframe",
            "object",
            "embed",
            "applet",
            "audio",
            "video",
            "source",
            "form",
            "input",
            "button",
            "link",
            "meta",
            "base",
            "handler",
            "listener");

    private static final String XHTML = "http://www.w3.org/1999/xhtml";

    private SvgCheck() {}

    /// @throws ImageRejected active content, corrupt when it is not well-formed SVG, too large
    public static void check(Path file) throws ImageRejected {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw tooLarge("The SVG has more than " + MAX_BYTES + " bytes, which is the most that is allowed.");
            }
            check(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws ImageRejected active content, corrupt when it is not well-formed SVG, too large
    public static void check(byte[] svg) throws ImageRejected {
        if (svg.length > MAX_BYTES) {
            throw tooLarge("The SVG has more than " + MAX_BYTES + " bytes, which is the most that is allowed.");
        }
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(svg));
            try {
                walk(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) {
            // The parser of the platform throws unchecked exceptions, too, on some malformed input.
            throw new ImageRejected(Reason.CORRUPT, "The file is damaged: it is not well-formed SVG.", e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        // The document type is read, so that entities in it are seen; nothing that it names is ever fetched.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, true);
        factory.setXMLResolver((_, _, _, _) -> InputStream.nullInputStream());
        // Ours is checked with a reason that says what is wrong.
        factory.setProperty("jdk.xml.maxElementDepth", 0);
        factory.setXMLReporter((_, _, _, _) -> {});
        return factory;
    }

    private static void walk(XMLStreamReader reader) throws XMLStreamException, ImageRejected {
        SvgCost cost = new SvgCost();
        boolean inStyle = false;
        StringBuilder style = new StringBuilder();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (inStyle) {
                        throw active("an element within a style");
                    }
                    inStyle = localName(reader).equals("style");
                    cost.open(localName(reader));
                    checkDepth(cost.depth(), reader);
                    checkElement(reader, cost);
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (inStyle) {
                        cost.embed(SvgStyle.check(style.toString()));
                        cost.addRules(SvgStyle.rules(style.toString()));
                        style.setLength(0);
                    }
                    inStyle = false;
                    cost.close();
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (inStyle) {
                        style.append(reader.getText());
                    }
                }
                case XMLStreamConstants.DTD -> checkDocumentType(reader);
                case XMLStreamConstants.ENTITY_REFERENCE -> throw active("an entity reference");
                case XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    if (reader.getPITarget().toLowerCase(Locale.ROOT).contains("stylesheet")) {
                        throw active("a reference to a style sheet");
                    }
                }
                default -> {}
            }
        }
        cost.check();
    }

    private static void checkDepth(int depth, XMLStreamReader reader) throws ImageRejected {
        if (depth > MAX_DEPTH) {
            throw tooLarge("The SVG nests elements deeper than " + MAX_DEPTH + ", which is the most that is allowed.");
        }
        if (depth == 1 && !localName(reader).equals("svg")) {
            throw new ImageRejected(Reason.CORRUPT, "The file is damaged: its outermost element is not svg.");
        }
    }

    private static void checkDocumentType(XMLStreamReader reader) throws ImageRejected {
        String text = reader.getText();
        if (text != null && (text.contains("<!ENTITY") || text.contains("<!ATTLIST") || text.contains("%"))) {
            throw active("a document type with declarations");
        }
    }

    private static void checkElement(XMLStreamReader reader, SvgCost cost) throws ImageRejected {
        String name = localName(reader);
        if (ACTIVE_ELEMENTS.contains(name) || XHTML.equals(reader.getNamespaceURI())) {
            throw active("an element that is not part of a drawing");
        }
        if (name.equals("filter") || name.startsWith("fe")) {
            throw filters();
        }
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String attribute = reader.getAttributeLocalName(i).toLowerCase(Locale.ROOT);
            cost.embed(checkAttribute(attribute, reader.getAttributeValue(i)));
            cost.attribute(attribute, reader.getAttributeValue(i));
        }
    }

    /// @return the pixels of the pictures that are embedded in it
    private static long checkAttribute(String name, String value) throws ImageRejected {
        if (name.startsWith("on")) {
            throw active("an event handler");
        }
        if (name.equals("attributename")
                && isActive(value.toLowerCase(Locale.ROOT).strip())) {
            throw active("an animation of a reference or an event handler");
        }
        if (name.equals("base") && !value.isBlank()) {
            throw active("a base address");
        }
        long pixels = 0;
        if (name.equals("href") || name.equals("src")) {
            pixels = SvgReference.check(value).orElse(0);
        }
        if (SvgReference.isScript(value)) {
            throw active("a script address");
        }
        return pixels + SvgStyle.check(value);
    }

    private static boolean isActive(String attribute) {
        String local = attribute.substring(attribute.lastIndexOf(':') + 1);
        return local.equals("href") || local.equals("src") || local.startsWith("on") || attribute.startsWith("on");
    }

    private static String localName(XMLStreamReader reader) {
        return reader.getLocalName().toLowerCase(Locale.ROOT);
    }

    static ImageRejected active(String what) {
        return new ImageRejected(
                Reason.ACTIVE_CONTENT,
                "The SVG contains " + what + "; only drawings without active content are allowed.");
    }

    static ImageRejected filters() {
        return new ImageRejected(Reason.UNSUPPORTED, "SVG filters are not supported.");
    }

    static ImageRejected tooLarge(String detail) {
        return new ImageRejected(Reason.TOO_LARGE, detail);
    }
}
