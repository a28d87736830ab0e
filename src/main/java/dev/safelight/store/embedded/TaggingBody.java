package dev.safelight.store.embedded;

import java.io.ByteArrayInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads the document that sets the tags of an object.
final class TaggingBody {
    private static final XMLInputFactory XML = factory();

    private TaggingBody() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 400 when it is not such a document, or
    ///     the tags are not as they must be
    static TagSet parse(byte[] body) {
        try {
            XMLStreamReader xml;
            // The JDK does not say that its factories may be shared by threads.
            synchronized (XML) {
                xml = XML.createXMLStreamReader(new ByteArrayInputStream(body));
            }
            return read(xml);
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }

    private static TagSet read(XMLStreamReader xml) throws XMLStreamException {
        TagSet.Collector tags = new TagSet.Collector();
        begin(xml, "Tagging");
        begin(xml, "TagSet");
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            requireName(xml, "Tag");
            tag(xml, tags);
        }
        // The end of Tagging, and then nothing but the end of the document.
        if (xml.nextTag() != XMLStreamConstants.END_ELEMENT) {
            throw malformed();
        }
        while (xml.hasNext()) {
            xml.next();
        }
        return tags.done();
    }

    private static void tag(XMLStreamReader xml, TagSet.Collector tags) throws XMLStreamException {
        String name = null;
        String value = null;
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            switch (xml.getLocalName()) {
                case "Key" -> name = once(name, xml);
                case "Value" -> value = once(value, xml);
                default -> throw malformed();
            }
        }
        if (name == null || value == null) {
            throw malformed();
        }
        tags.add(name, value);
    }

    private static String once(@Nullable String before, XMLStreamReader xml) throws XMLStreamException {
        if (before != null) {
            throw malformed();
        }
        return xml.getElementText();
    }

    private static void begin(XMLStreamReader xml, String name) throws XMLStreamException {
        if (xml.nextTag() != XMLStreamConstants.START_ELEMENT) {
            throw malformed();
        }
        requireName(xml, name);
    }

    private static void requireName(XMLStreamReader xml, String name) {
        if (!xml.getLocalName().equals(name)) {
            throw malformed();
        }
    }

    private static RuntimeException malformed() {
        return StoreError.MALFORMED_XML.with(
                "The body must be a Tagging with one TagSet of up to %d Tag, each with Key and Value."
                        .formatted(TagSet.MOST));
    }
}
