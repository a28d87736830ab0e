package dev.safelight.access;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The one filter chain: what is open to anybody is listed here, everything else needs a key and a declared role.
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {
    private static final String[] OPEN = {
        "/media/**", // decides for itself, by the state of each asset
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/v1/openapi",
        "/v1/openapi.yaml",
        "/favicon.ico",
        "/"
    };
    /// See [OpenPages].
    private static final String EXAMPLES = "/examples/**";

    @Bean
    SecurityFilterChain filterChain(
            HttpSecurity http,
            ApiKeys keys,
            UploadSessions sessions,
            WebhookSettings webhook,
            OpenPages pages,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping endpoints,
            AuthenticationEntryPoint entryPoint,
            AccessDeniedHandler accessDenied) {
        return http.csrf(csrf -> csrf.disable()) // no cookies, so nothing that a foreign page could ride on
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                // Whether browsers are to insist on HTTPS is said for all answers alike, by the front, or not at all.
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        .frameOptions(frame -> frame.deny())
                        .httpStrictTransportSecurity(transport -> transport.disable()))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(entryPoint).accessDeniedHandler(accessDenied))
                .addFilterBefore(new ApiKeyFilter(keys, entryPoint), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new UploadSessionFilter(sessions, entryPoint), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new StoreHookFilter(webhook, entryPoint), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, OPEN)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, OPEN)
                        .permitAll()
                        .requestMatchers("/error")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, EXAMPLES)
                        .access((authentication, context) -> new AuthorizationDecision(pages.examples()))
                        .requestMatchers("/actuator/**")
                        .access((authentication, context) -> {
                            var current = authentication.get();
                            return new AuthorizationDecision(current != null
                                    && current.getPrincipal() instanceof Caller caller
                                    && caller.has(Role.ADMIN, Role.VIEWER));
                        })
                        .anyRequest()
                        .access(new EndpointRoles(endpoints)))
                .build();
    }
}
