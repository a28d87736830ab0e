package dev.safelight.web;

import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// Reads the bodies of requests as they are meant, or not at all: nothing is rounded, converted or overwritten.
///
/// Only HTTP reads this way. What was stored or sent by a store was accepted once and is read as leniently as ever.
@Configuration(proxyBeanMethods = false)
class StrictJson {
    @Bean
    @Order // after Boot, which would set the common mapper
    ServerHttpMessageConvertersCustomizer strictJsonConverter(JsonMapper common) {
        JsonMapper strict = strict(common);
        return converters -> converters
                .withJsonConverter(new JacksonJsonHttpMessageConverter(strict))
                .configureMessageConvertersList(list -> list.removeIf(StrictJson::isOtherMarkup));
    }

    // Libraries bring readers of XML and YAML along; the API speaks JSON alone.
    private static boolean isOtherMarkup(HttpMessageConverter<?> converter) {
        return converter.getSupportedMediaTypes().stream()
                .map(MediaType::getSubtype)
                .anyMatch(subtype -> subtype.contains("xml")
                        || subtype.contains("yaml")
                        || subtype.contains("cbor")
                        || subtype.contains("smile"));
    }

    static JsonMapper strict(JsonMapper common) {
        return common.rebuild()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .addModule(new SimpleModule("storable text")
                        .addDeserializer(String.class, new StorableText())
                        .addKeyDeserializer(String.class, new StorableKey()))
                .build();
    }

    /// PostgreSQL keeps neither U+0000 nor half of a surrogate pair.
    static boolean isStorable(String text) {
        return text.codePoints().noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    }

    /// Says that a text cannot be kept.
    static final class UnstorableText extends MismatchedInputException {
        private static final long serialVersionUID = 1;

        UnstorableText(JsonParser parser) {
            super(parser, "a null or half a character", String.class);
        }
    }

    private static final class StorableText extends StringDeserializer {
        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            String text = super.deserialize(parser, context);
            if (text != null && !isStorable(text)) {
                throw new UnstorableText(parser);
            }
            return text;
        }
    }

    private static final class StorableKey extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            if (!isStorable(key)) {
                throw new UnstorableText(context.getParser());
            }
            return key;
        }
    }
}
