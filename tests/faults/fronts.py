"""What answers in an app's place, or stands in front of it, in forms that no list here has."""

from __future__ import annotations

from tests.faults.endpoints import Case, always, html
from tests.faults.handlers import telling
from tests.faults.hosting import (
    BODY,
    HOST,
    JSON,
    MISMATCH,
    NO_APP,
    NOT_FOUND,
    UNAUTHORIZED,
    on_host,
    repeating,
)
from tests.faults.server import Asked, Callback, page

TEXT = "Content-Type: text/plain; charset=utf-8"
DOWN = "webhook.server_error"


def showing(form: str, status: str = "404 Not Found", *headers: str) -> Callback:
    """Shows the parameters as the server has read them; MODE, TOKEN and CHALLENGE stand in it."""

    def get(asked: Asked) -> bytes:
        body = form.replace("MODE", asked.hub("mode")).replace("CHALLENGE", asked.challenge)
        return page(body.replace("TOKEN", asked.hub("verify_token")), status, *headers)

    return Callback(get=get)


REPEATING = {
    "Django, DEBUG": repeating(
        "<title>Page not found at /webhook</title><table><tr><th>Request Method:</th><td>GET</td>"
        "</tr><tr><th>Request URL:</th><td>http://shop.example URL</td></tr></table>",
        escape="&amp;"),
    "Phoenix": showing(
        "<h1>no route found for GET /webhook</h1><h2>Params</h2><pre>%{&quot;hub.challenge&quot;"
        " =&gt; &quot;CHALLENGE&quot;, &quot;hub.mode&quot; =&gt; &quot;MODE&quot;,"
        " &quot;hub.verify_token&quot; =&gt; &quot;TOKEN&quot;}</pre>"),
    "PHP's print_r": showing(
        "404\nArray\n(\n    [hub_mode] => MODE\n    [hub_challenge] => CHALLENGE\n"
        "    [hub_verify_token] => TOKEN\n)\n"),
    "PHP's var_dump": showing(
        'array(3) {\n  ["hub_mode"]=>\n  string(9) "MODE"\n  ["hub_challenge"]=>\n  string(10) '
        '"CHALLENGE"\n  ["hub_verify_token"]=>\n  string(20) "TOKEN"\n}\n'),
    "a table of the query": showing(
        "<table><tr><td>hub.mode</td><td>MODE</td></tr><tr><td>hub.verify_token</td><td>TOKEN"
        "</td></tr><tr><td>hub.challenge</td><td>CHALLENGE</td></tr></table>"),
    "Python's repr": showing("No route for {'hub.mode': ['MODE'], 'hub.challenge': ['CHALLENGE'],"
                             " 'hub.verify_token': ['TOKEN']}"),
    "pairs": showing('{"error":"not found","query":[{"name":"hub.mode","value":"MODE"},'
                     '{"name":"hub.challenge","value":"CHALLENGE"},{"name":"hub.verify_token","value":"TOKEN"}]}',
                     "404 X", JSON),
    "Spring": showing('{"timestamp":"2026-11-28T10:00:00Z","status":404,"error":"Not Found",'
                      '"path":"/webhook"}', "404 X", JSON),
    "ASP.NET": showing('{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":'
                       '"Not Found","status":404,"traceId":"00-1"}', "404 X", JSON),
    "Laravel": showing('{"message":"The route webhook could not be found."}', "404 X", JSON),
    "FastAPI": showing('{"detail":"Not Found"}', "404 X", JSON),
    "Go": showing("404 page not found\n", "404 X", TEXT),
    "Netlify, no such function": Callback(get=lambda _: html(
        "Page not found", "404 X", "Server: Netlify",
        body="Looks like you've followed a broken link or entered a URL that doesn't exist on"
        " this site.")),
}  # fmt: skip
OWN_404 = {
    "an app": html("My App – Page not found", "404 X"),
    "a site": html("My site | Page not found", "404 X"),
    "in JSON": page('{"message":"Application route not found"}', "404 X", JSON),
    "a service": page('{"error":"Resource not found in this service"}', "404 X", JSON),
    "a domain": page('{"error":"This domain has no such endpoint: path not found"}', "404 X", JSON),
}
"""An app's own page for each path that it does not have, the root included."""
NO_APPS = {
    "Zeabur": html("404: DEPLOYMENT_NOT_FOUND", "404 X", body="The deployment was not found"),
    "Surge": html("project not found", "404 X"),
    "Railway's train": page("The train has not arrived at the station.", "404 X",
                            "X-Railway-Fallback: true"),
    "Render, no server": page("Not Found\n", "404 X", "x-render-routing: no-server"),
    "Vercel, unpaid": html("402: PAYMENT_REQUIRED", "402 X", "X-Vercel-Error: DEPLOYMENT_DISABLED"),
    "Azure, no such site": html("404 Web Site not found.", "404 Site Not Found"),
    "GitLab Pages": html("The page you're looking for could not be found (404)", "404 X",
                         body="No project is deployed here"),
    "Hugging Face": html("Space not found", "404 X", body="This Space has been paused."),
    "Streamlit": html("This app has gone to sleep", "200 OK", body="Zzzz This app is asleep."),
    "a preview": page('{"error":"sandbox not found"}', "404 X", JSON),
    "Codespaces": html("Codespace not found", "404 X", body="This environment does not exist"),
}  # fmt: skip
HOSTS = {
    "Litestar": page('{"message":"invalid host header"}', "400 X", JSON),
    "an MCP server": page("Invalid Host header", "421 Misdirected Request", TEXT),
    "Tomcat": html("HTTP Status 400 – Bad Request", "400 X",
                   body="The host [shop.example] is not valid: unknown host"),
    "Angular": page("Blocked request. This host (shop.example) is not allowed.", "403 X", TEXT),
    "an Express middleware": page("Host not allowed", "403 X", TEXT),
    "nginx's own": page("host shop.example is not authorized here", "403 X", TEXT),
}  # fmt: skip
WALLS = {
    "Lambda's URL": page(
        '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see:'
        ' https://docs.aws.amazon.com/lambda/"}', "403 X",
        "x-amzn-ErrorType: AccessDeniedException", JSON),
    "IAP": page("Invalid IAP credentials: empty token", "401 X", "X-Goog-IAP-Response: 1"),
    "Azure Functions": page("", "401 Unauthorized", "Server: Kestrel"),
    "Okta's": html("Sign In", "401 X", body='<input type="password" name="p">'),
    "Kong": page('{"message":"No API key found in request"}', "401 X", 'WWW-Authenticate: Key'),
    "oauth2-proxy": html("Sign In", "403 X", body="Sign in with Google"),
    "Traefik's basic auth": page("401 Unauthorized\n", "401 X", "WWW-Authenticate: Basic"),
    "Directus": page('{"errors":[{"message":"You don\'t have permission to access this.",'
                     '"extensions":{"code":"FORBIDDEN"}}]}', "403 X", JSON),
    "PostgREST": page('{"code":"PGRST301","message":"JWSError JWSInvalidSignature: jwt required"}',
                      "401 X", JSON),
    "CloudFront's limits": html("ERROR: The request could not be satisfied", "403 X",
                                body="Request blocked. We can't connect to the server."),
    "Fastly": page("Access denied by security policy", "403 X", "Server: Varnish"),
    "an address list": page("Your IP is not whitelisted", "403 X", TEXT),
}  # fmt: skip
DOWNS = {
    "Google's load balancer": html("502 Server Error", "502 X", "Via: 1.1 google",
                                   body="The server encountered a temporary error"),
    "DigitalOcean": html("Error 503", "503 X", body="via_upstream (503 no_healthy_upstream)"),
    "Envoy": page("no healthy upstream", "503 X", "Server: envoy", TEXT),
    "Envoy, cut off": page("upstream connect error or disconnect/reset before headers. reset"
                           " reason: connection failure", "503 X", "Server: istio-envoy", TEXT),
    "Traefik": page("Bad Gateway", "502 X", TEXT),
    "Apache": html("503 Service Unavailable", "503 X", "Server: Apache/2.4.58 (Ubuntu)"),
    "Caddy": page("", "502 Bad Gateway", "Server: Caddy"),
    "Azure Functions": page("Function host is not running.", "503 X", TEXT),
    "Elastic Beanstalk": html("502 Bad Gateway", "502 X", "Server: nginx/1.26.2",
                              body="<hr><center>nginx/1.26.2</center>"),
    "HAProxy, broken": page("<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid"
                            " or incomplete response.\n</body></html>", "502 X"),
    "Cloudflare 524": html("524: A timeout occurred", "524 X", "Server: cloudflare"),
    "Fly": page("", "502 Bad Gateway", "Server: Fly/1 (2026-11-20)", "Via: 1.1 fly.io"),
}  # fmt: skip

OTHERS = (
    ("IIS", UNAUTHORIZED, html("403 - Forbidden: Access is denied.", "403 X"), ("IIS",)),
    (
        "nginx wants a certificate",
        "webhook.tls_failed",
        html("400 No required SSL certificate was sent", "400 X", "Server: nginx"),
        ("client",),
    ),
    (
        "nginx on an https port",
        "webhook.connect",
        html("400 The plain HTTP request was sent to HTTPS port", "400 X"),
        ("https",),
    ),
    (
        "Go on an https port",
        "webhook.connect",
        page("Client sent an HTTP request to an HTTPS server.\n", "400 X", TEXT),
        ("https",),
    ),
    (
        "a limit for ever",
        "webhook.wrong_status",
        page("Rate exceeded.", "429 X", TEXT),
        ("exempt this path",),
    ),
    ("a busy server for ever", DOWN, page("Server too busy", "503 X", TEXT), ("exempt this path",)),
    ("a gateway without a name", DOWN, page("", "502 Bad Gateway"), ("if a proxy",)),
    (
        "a login elsewhere",
        "webhook.redirect",
        page("", "302 Found", "Location: https://login.example/start"),
        ("allow this path",),
    ),
    ("no deployment for the host", NO_APP, page("no deployment for host", "404 X", TEXT), ()),
)

FAULTS = [
    *(Case(f"answers as {who}", id_, always(answer), says=says, pause=0.01)
      for who, id_, answer, says in OTHERS),
    Case("a crash over a parameter's name", DOWN, Callback(right=lambda _: html(
        "KeyError at /webhook", "500 X", body="<pre>&#x27;hub_challenge&#x27;</pre>"),
        wrong=lambda _: html("KeyError at /webhook", "500 X",
                             body="<pre>&#x27;hub_challenge&#x27;</pre>")), says=("hub_mode",)),
    *(Case(f"repeats the query: {who}", NOT_FOUND, one) for who, one in REPEATING.items()),
    *(Case(f"its own 404: {who}", NOT_FOUND, always(one)) for who, one in OWN_404.items()),
    *(Case(f"no app here: {who}", NO_APP, always(one)) for who, one in NO_APPS.items()),
    *(Case(f"host not known: {who}", HOST, on_host("shop.local", one))
      for who, one in HOSTS.items()),
    *(Case(f"in front: {who}", UNAUTHORIZED, always(one)) for who, one in WALLS.items()),
    *(Case(f"behind it: {who}", DOWN, always(one)) for who, one in DOWNS.items()),
    Case("an echo server", BODY, showing(
        '{"args":{"hub.challenge":"CHALLENGE","hub.mode":"MODE","hub.verify_token":"TOKEN"}}',
        "200 OK", JSON)),
    Case("a word on the token beside the parameters", MISMATCH, showing(
        '{"query":{"hub.mode":"MODE","hub.verify_token":"TOKEN"},"error":"Invalid verify token"}',
        "403 X", JSON)),
]  # fmt: skip

_OTHERS = {
    "Surge": NO_APPS["Surge"],
    "Streamlit": NO_APPS["Streamlit"],
    "Kong": WALLS["Kong"],
    "Okta": WALLS["Okta's"],
    "Envoy": DOWNS["Envoy"],
}
HEALTHY = [
    *(Case(f"elsewhere it answers as {who}", "webhook.verified",
           Callback(elsewhere=telling(one)))
      for who, one in {**OWN_404, **_OTHERS}.items()),
    Case("behind Envoy", "webhook.verified", Callback(right=lambda a: page(
        a.challenge, "200 OK", "Server: istio-envoy", "x-envoy-upstream-service-time: 3"))),
    Case("behind Fly", "webhook.verified", Callback(right=lambda a: page(
        a.challenge, "200 OK", "Server: Fly/1", "Via: 1.1 fly.io"))),
    Case("behind API Gateway", "webhook.verified", Callback(right=lambda a: page(
        a.challenge, "200 OK", "x-amzn-RequestId: 1", "x-amz-apigw-id: 1"))),
    Case("behind ngrok", "webhook.verified", Callback(right=lambda a: page(
        a.challenge, "200 OK", "ngrok-agent-ips: 192.0.2.1"))),
]  # fmt: skip
