using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kops;

/// <summary>What kops 1.26 says of a secret's file that it cannot read: the words of Go's readers of JSON and YAML.</summary>
public sealed class SecretContentTests(NewCluster cluster) : IClassFixture<NewCluster>, IDisposable
{
    private const string NoMap = "into Go value of type map[string]interface {}";
    private readonly EmulatedStore _store = cluster.Store.Copy();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("hello", "invalid character 'h' looking for beginning of value")]
    [InlineData("not json", "invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("tru", "invalid character ' ' in literal true (expecting 'e')")]
    [InlineData("", "unexpected end of JSON input")]
    [InlineData("{\"auths\": {", "unexpected end of JSON input")]
    [InlineData("{\"a", "unexpected end of JSON input")]
    [InlineData("{auths: 1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("{\"a\": 1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\": }", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\": 1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("{\"a\": [1 2]}", "invalid character '2' after array element")]
    [InlineData("{\"a\": 'b'}", "invalid character '\\'' looking for beginning of value")]
    [InlineData("{\"a\": 01}", "invalid character '1' after object key:value pair")]
    [InlineData("{\"a\": -}", "invalid character '}' in numeric literal")]
    [InlineData("{\"a\": 1.}", "invalid character '}' after decimal point in numeric literal")]
    [InlineData("{\"a\": 1e}", "invalid character '}' in exponent of numeric literal")]
    [InlineData("{\"a\": \"\\q\"}", "invalid character 'q' in string escape code")]
    [InlineData("{\"a\": \"\\u12x\"}", "invalid character 'x' in \\u hexadecimal character escape")]
    [InlineData("{\"a\": \"b\nc\"}", "invalid character '\\n' in string literal")]
    [InlineData("{} {}", "invalid character '{' after top-level value")]
    [InlineData("\uFEFF{}", "invalid character 'ï' looking for beginning of value")]
    [InlineData("[]", $"json: cannot unmarshal array {NoMap}")]
    [InlineData(" -1.5e+3\n", $"json: cannot unmarshal number {NoMap}")]
    [InlineData("true", $"json: cannot unmarshal bool {NoMap}")]
    [InlineData("\"{}\"", $"json: cannot unmarshal string {NoMap}")]
    public async Task A_docker_configuration_must_be_a_JSON_object(string content, string problem) =>
        (await CreateAsync("dockerconfig", content)).ShouldBe(new Emulated(1, "", $"Error: unable to parse JSON {_store.File("s")}: {problem}\n"));

    [Theory]
    [InlineData("hello", $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string {NoMap}")]
    [InlineData("- a", $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array {NoMap}")]
    [InlineData("42", $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number {NoMap}")]
    [InlineData("'42'", $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string {NoMap}")]
    [InlineData("yes", $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool {NoMap}")]
    [InlineData("a: b: c", "error converting YAML to JSON: yaml: mapping values are not allowed in this context")]
    [InlineData("\n\nkind: x\n  bad: y\n", "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("foo\nbar: baz", "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a: [b, c", "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'")]
    [InlineData("a: [b, c\nd: e\n", "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'")]
    [InlineData("a: {b: c\nd: e\n", "error converting YAML to JSON: yaml: line 1: did not find expected ',' or '}'")]
    [InlineData("{", "error converting YAML to JSON: yaml: line 1: did not find expected node content")]
    [InlineData("]", "error converting YAML to JSON: yaml: did not find expected node content")]
    [InlineData("- a\nb: c", "error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator")]
    [InlineData("a:\n    b: 1\n  c: 2", "error converting YAML to JSON: yaml: line 2: did not find expected key")]
    [InlineData("a: 1\n- b", "error converting YAML to JSON: yaml: line 1: did not find expected key")]
    [InlineData("a: b\nfoo", "error converting YAML to JSON: yaml: line 3: could not find expected ':'")]
    [InlineData("a: b\nfoo\n\nc: d", "error converting YAML to JSON: yaml: line 4: could not find expected ':'")]
    [InlineData("a:\n\tb: c", "error converting YAML to JSON: yaml: line 2: found character that cannot start any token")]
    [InlineData("a:\n\t- b", "error converting YAML to JSON: yaml: line 2: found character that cannot start any token")]
    [InlineData("a: 1\n\tb: 2", "error converting YAML to JSON: yaml: line 2: found a tab character that violates indentation")]
    [InlineData("@x", "error converting YAML to JSON: yaml: found character that cannot start any token")]
    [InlineData("a: b\nc: 'd\ne: f", "error converting YAML to JSON: yaml: line 3: found unexpected end of stream")]
    public async Task An_encryption_configuration_must_be_a_YAML_map(string content, string problem) =>
        (await CreateAsync("encryptionconfig", content)).ShouldBe(new Emulated(1, "", $"Error: unable to parse YAML {_store.File("s")}: error parsing configuration: {problem}\n"));

    [Theory]
    [InlineData("dockerconfig", " null ")]
    [InlineData("dockerconfig", "{\"auths\": {\"x\": [1, -0.5e3, \"\\u00e9\\n\", true, false, null, {}, []]}}\n")]
    [InlineData("encryptionconfig", "\n")]
    [InlineData("encryptionconfig", "~")]
    [InlineData("encryptionconfig", "a: 1\na: 2\n---\n[")]
    [InlineData("ciliumpassword", "")]
    [InlineData("weavepassword", "a: b: c")]
    public async Task What_can_be_read_is_stored_as_it_is(string secret, string content)
    {
        (await CreateAsync(secret, content)).ShouldBe(new Emulated(0, "", ""));

        (await _store.RunAsync($"get secrets {secret} -o plaintext")).Output.ShouldBe(content + "\n");
    }

    private Task<Emulated> CreateAsync(string secret, string content)
    {
        File.WriteAllText(_store.File("s"), content);
        return _store.RunAsync($"create secret {secret} --force -f {_store.File("s")}");
    }
}
