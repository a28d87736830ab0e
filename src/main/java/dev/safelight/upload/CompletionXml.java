package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.store.StoredPart;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads the body of an S3 CompleteMultipartUpload: this one shape, without document type, entities or
/// instructions.
final class CompletionXml {
    private static final String SHAPE =
            "The body must be XML like <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>…</ETag></Part>"
                    + "</CompleteMultipartUpload>";
    /// What SDKs add to a part and nobody needs to join it.
    private static final Set<String> PASSED_OVER =
            Set.of("ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256");

    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader xml;
    private final ClaimedParts parts = new ClaimedParts();

    private CompletionXml(XMLStreamReader xml) {
        this.xml = xml;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing outside of the body is read");
        });
        return factory;
    }

    /// @throws Failure INVALID for anything but the shape
    static List<StoredPart> read(byte[] body) {
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
            CompletionXml completion = new CompletionXml(xml);
            completion.readAll();
            return completion.parts.all();
        } catch (XMLStreamException | RuntimeException malformed) {
            if (malformed instanceof Failure failure) {
                throw failure;
            }
            throw wrong("it is not well-formed");
        }
    }

    private void readAll() throws XMLStreamException {
        open("CompleteMultipartUpload");
        while (nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (!xml.getLocalName().equals("Part")) {
                throw wrong("only <Part> may stand there");
            }
            readPart();
        }
        while (xml.hasNext()) {
            step();
        }
    }

    private void readPart() throws XMLStreamException {
        String number = null;
        String etag = null;
        while (nextTag() == XMLStreamConstants.START_ELEMENT) {
            String name = xml.getLocalName();
            switch (name) {
                case "PartNumber" -> number = once(name, number);
                case "ETag" -> etag = once(name, etag);
                default -> {
                    if (!PASSED_OVER.contains(name)) {
                        throw wrong("<Part> holds PartNumber and ETag");
                    }
                    text();
                }
            }
        }
        parts.add(number != null && number.matches("[0-9]{1,5}") ? Integer.valueOf(number) : null, etag);
    }

    private String once(String name, @Nullable String before) throws XMLStreamException {
        if (before != null) {
            throw wrong("<" + name + "> may stand once in a part");
        }
        return text().strip();
    }

    private String text() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        while (step() != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                throw wrong("there is an element too deep");
            }
            if (xml.isCharacters()) {
                text.append(xml.getText());
            }
        }
        return text.toString();
    }

    private void open(String name) throws XMLStreamException {
        if (nextTag() != XMLStreamConstants.START_ELEMENT || !xml.getLocalName().equals(name)) {
            throw wrong("it begins otherwise");
        }
    }

    /// Goes to the next tag; there is nothing but white space and comments before it.
    private int nextTag() throws XMLStreamException {
        while (true) {
            int event = step();
            if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
                return event;
            }
            if (xml.isCharacters() && !xml.isWhiteSpace()) {
                throw wrong("there is text between the elements");
            }
        }
    }

    private int step() throws XMLStreamException {
        int event = xml.next();
        if (event == XMLStreamConstants.DTD
                || event == XMLStreamConstants.ENTITY_REFERENCE
                || event == XMLStreamConstants.PROCESSING_INSTRUCTION) {
            throw wrong("document types, entities and instructions are not read");
        }
        return event;
    }

    private static Failure wrong(String what) {
        return new Failure(Failure.Kind.INVALID, SHAPE + "; " + what + ".");
    }
}
