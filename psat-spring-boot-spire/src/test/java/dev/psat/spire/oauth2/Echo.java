package dev.psat.spire.oauth2;

import java.nio.charset.StandardCharsets;

/**
 * Where in an answer a token endpoint may repeat what it got.
 */
enum Echo {

	DESCRIPTION("400", "application/json", "{\"error\":\"invalid_client\",\"error_description\":\"%s\"}"),
	URI("400", "application/json",
			"{\"error\":\"invalid_client\",\"error_description\":\"refused\",\"error_uri\":\"https://as.example.org/%s\"}"),
	CODE("400", "application/json", "{\"error\":\"%s\",\"error_description\":\"refused\"}"),
	UNAUTHORIZED("401", "application/json", "{\"error\":\"invalid_client\",\"error_description\":\"%s\"}"),
	BAD_TEXT("400", "text/plain", "%s"), FORBIDDEN("403", "text/plain", "%s"), ERROR("500", "text/plain", "%s"),
	UNAVAILABLE("503", "text/html", "<html><b>%s</b></html>"), TEXT("200", "text/plain", "%s"),
	BROKEN("200", "application/json", "{\"access_token\": %s"), NAME("200", "application/json", "{%s: 1}"),
	FOREIGN_TYPE("200", "application/json", "{\"access_token\":\"a\",\"token_type\":\"%s\"}"),
	SPAN("200", "application/json", "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":\"%s\"}"),
	LIST("200", "application/json", "[\"%s\"]"), CONTENT_TYPE("200", "application/%s", "{}"),
	CONTENT_TYPE_OF_ERROR("400", "%s", "{}"),
	CHALLENGE("401", "application/json\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"%s\"",
			"{}"),
	CHALLENGE_OF_A_REFUSAL("400",
			"application/json\r\nWWW-Authenticate: Bearer error=\"%1$s\", error_description=\"%1$s\", error_uri=\"https://as.example.org/%1$s\"",
			"{}"),
	REDIRECT("302", "text/plain\r\nLocation: https://as.example.org/%s", ""),
	CHUNKED_REDIRECT("302", "text/plain\r\nLocation: /elsewhere\r\nTransfer-Encoding: chunked", "%s\r\n"),
	REASON("500 %s", "text/plain", ""), STATUS("%s", "text/plain", ""), HEADER("200", "text/plain\r\n%s", ""),
	HEADER_NAME("200", "text/plain\r\n%s : 1", ""), CHUNK("200", "text/plain\r\nTransfer-Encoding: chunked", "%s\r\n"),
	LENGTH("200", "text/plain\r\nContent-Length: %s", "");

	private final String status;

	private final String headers;

	private final String body;

	Echo(String status, String headers, String body) {
		this.status = status;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * Return the whole answer.
	 */
	String answer(String echoed) {
		String content = this.body.formatted(echoed);
		String length = this.headers.contains("Transfer-Encoding") || this.headers.contains("Content-Length") ? ""
				: "Content-Length: %d\r\n".formatted(content.getBytes(StandardCharsets.ISO_8859_1).length);
		return "HTTP/1.1 %s\r\nConnection: close\r\n%sContent-Type: %s\r\n\r\n%s"
			.formatted(this.status.formatted(echoed), length, this.headers.formatted(echoed), content);
	}

}
