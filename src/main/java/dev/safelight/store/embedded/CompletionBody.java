package dev.safelight.store.embedded;

import dev.safelight.store.MultipartUploads;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the list of parts that completes an upload.
final class CompletionBody {
    private static final XMLInputFactory XML = factory();

    private CompletionBody() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 400 when it is not such a list,
    ///     or an empty one
    static List<PartFolder.Wanted> parse(byte[] body) {
        try {
            XMLStreamReader xml;
            // The JDK does not say that its factories may be shared by threads.
            synchronized (XML) {
                xml = XML.createXMLStreamReader(new ByteArrayInputStream(body));
            }
            return read(xml);
        } catch (XMLStreamException | NumberFormatException e) {
            throw malformed();
        }
    }

    private static List<PartFolder.Wanted> read(XMLStreamReader xml) throws XMLStreamException {
        List<PartFolder.Wanted> parts = new ArrayList<>();
        xml.nextTag();
        if (!xml.getLocalName().equals("CompleteMultipartUpload")) {
            throw malformed();
        }
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (!xml.getLocalName().equals("Part") || parts.size() == MultipartUploads.MOST_PARTS) {
                throw malformed();
            }
            parts.add(part(xml));
        }
        if (parts.isEmpty()) {
            throw malformed();
        }
        return parts;
    }

    private static PartFolder.Wanted part(XMLStreamReader xml) throws XMLStreamException {
        int number = 0;
        String etag = null;
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            // Checksums may be named too; the entity tags say enough.
            String name = xml.getLocalName();
            String text = xml.getElementText().strip();
            switch (name) {
                case "PartNumber" -> number = Integer.parseInt(text);
                case "ETag" -> etag = unquote(text);
                default -> {}
            }
        }
        return new PartFolder.Wanted(number, etag);
    }

    private static String unquote(String etag) {
        return etag.replace("\"", "");
    }

    private static RuntimeException malformed() {
        return StoreError.MALFORMED_XML.with(
                "The body must be a CompleteMultipartUpload with one to 10000 parts, each with PartNumber and ETag.");
    }
}
