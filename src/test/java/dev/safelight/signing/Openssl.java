package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Keys and signatures of openssl in a folder: an implementation that is not ours.
record Openssl(Path folder) {
    /// Two keys of RSA and one of ECDSA, as `{id}.pem`, and their public keys as `{id}.pub`.
    static Openssl withKeys(Path folder) throws IOException, InterruptedException {
        Openssl openssl = new Openssl(folder);
        openssl.run("genrsa", "-out", "K1RSA.pem", "2048");
        openssl.run("genrsa", "-out", "K2RSA.pem", "2048");
        openssl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "K3EC.pem");
        for (String id : List.of("K1RSA", "K2RSA", "K3EC")) {
            openssl.run("pkey", "-in", id + ".pem", "-pubout", "-out", id + ".pub");
        }
        return openssl;
    }

    byte[] run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }

    String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /// As in `openssl dgst -sha1 -sign key.pem | openssl base64 -A | tr -- '+=/' '-_~'`.
    String sign(String key, String hash, String policy) throws IOException, InterruptedException {
        Path text = Files.writeString(folder.resolve("policy.json"), policy);
        return translated(run("dgst", hash, "-sign", key + ".pem", text.toString()));
    }

    static String translated(byte[] bytes) {
        return Base64.getEncoder()
                .encodeToString(bytes)
                .replace('+', '-')
                .replace('=', '_')
                .replace('/', '~');
    }

    CloudFrontSigner signer(String base, String id, CloudFrontHash hash) throws IOException {
        return new CloudFrontSigner(base, id, PemKey.privateKey(read(id + ".pem")), hash);
    }

    CloudFrontVerifier verifier(String... bases) throws IOException {
        Map<String, PublicKey> group = new LinkedHashMap<>();
        for (String id : List.of("K1RSA", "K2RSA", "K3EC")) {
            group.put(id, PemKey.publicKey(read(id + ".pub")));
        }
        return new CloudFrontVerifier(group, List.of(bases));
    }
}
