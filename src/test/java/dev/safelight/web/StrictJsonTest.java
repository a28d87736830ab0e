package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.ObjectMapper;

/// Bodies that a lenient reader would bend into shape.
class StrictJsonTest {
    private final TestServer server = TestServer.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'size':10.7      | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':10.0      | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':1e3       | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':'10'      | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':''        | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':true      | The field \"size\" does not have the right type: it must be a whole number.",
                "'size':99999999999999999999 | A number in the body is out of range.",
                "'size':1,'size':2| A field in the body is given twice",
                "'size':1,'fileName':'b.jpg' | A field in the body is given twice",
                "'size':1,'metadata':{'a':'1','a':'2'} | A field in the body is given twice",
                "'size':1,'space':17 | The field \"space\" does not have the right type: it must be text.",
                "'size':1,'space':true | The field \"space\" does not have the right type: it must be text.",
                "'size':1,'metadata':{'a':1} | The field \"metadata.a\" does not have the right type: it must be text.",
                "'size':1,'space':'a\\u0000' | The field \"space\" holds a null or half a character",
                "'size':1,'metadata':{'alt':'\\u0000'} | The field \"metadata.alt\" holds a null or half a character",
                "'size':1,'metadata':{'a\\u0000':'b'} | holds a null or half a character",
                "'size':1,'space':'\\ud83d' | The field \"space\" holds a null or half a character",
                "'size':1} trailing {'a':1 | The body",
            },
            quoteCharacter = '`')
    void refusesWhatIsNotMeantSo(String fields, String detail) throws Exception {
        String body = "{'fileName':'a.jpg','contentType':'image/jpeg',%s}".formatted(fields);
        var answer = server.post("/v1/uploads", body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/keys | {'name':'a\\u0000','roles':['viewer']} | \"name\"",
                "/v1/keys | {'name':'a','roles':['viewer\\u0000']} | \"roles.0\"",
                "/v1/keys | [] | The body",
                "/v1/keys | {'name':'a','roles':'viewer'} | \"roles\" does not have the right type: it must be a list.",
                "/v1/jobs/dead/retry | {'kind':'process','instance':'\\u0000'} | \"instance\"",
                "/v1/assets/0199d3a4-5b6c-7d8e-9f00-112233445566/moderation | {'status':'approved','reason':'\\u0000'} | \"reason\""
            },
            quoteCharacter = '`')
    void refusesNullsWhereverTextIsTaken(String path, String body, String named) throws Exception {
        var answer = server.post(path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).contains(named);
    }

    @Test
    void acceptsAllOtherText() throws Exception {
        var answer = server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,"
                        + "\"metadata\":{\"alt\":\"\\ud83d\\ude00 und ü, \\u0001\"}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void isForHttpOnly() {
        assertThat(server.bean(ObjectMapper.class).readValue("\"a\\u0000\"", String.class))
                .isEqualTo("a\0");
    }
}
