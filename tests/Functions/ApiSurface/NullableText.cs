using System.Reflection;

namespace DataHealth.Functions.Tests.ApiSurface;

/// <summary>
/// Writes types as C# does, with the question marks that the compiler keeps in NullableAttribute: one byte for each reference in the type,
/// outermost first. Read by hand, since NullabilityInfoContext does not tell <c>T</c> from <c>T?</c>.
/// </summary>
internal static class NullableText
{
    private const byte Annotated = 2;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
    };

    public static string Of(ParameterInfo parameter) => Text(parameter.ParameterType, new(parameter.CustomAttributes, parameter.Member));

    public static string Of(PropertyInfo property) => Text(property.PropertyType, new(property.CustomAttributes, property.DeclaringType!));

    public static string Of(FieldInfo field) => Text(field.FieldType, new(field.CustomAttributes, field.DeclaringType!));

    public static string Plain(Type type) => Text(type, new([], null));

    private static string Text(Type type, Flags flags)
    {
        if (type.IsByRef)
            return Text(type.GetElementType()!, flags);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Text(underlying, flags) + "?";
        // A plain value type has no byte; a generic one has a byte that says nothing.
        var flag = !type.IsValueType || type.IsGenericType ? flags.Next() : (byte)0;
        var mark = flag == Annotated && !type.IsValueType ? "?" : "";
        if (type.IsArray)
            return $"{Text(type.GetElementType()!, flags)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(argument => Text(argument, flags)))}>{mark}"
            : type.Name + mark;
    }

    /// <summary>The bytes of one type, in order; what the member or its type says for all when it has none of its own.</summary>
    private sealed class Flags
    {
        private readonly IReadOnlyList<byte> _bytes;
        private int _next;

        public Flags(IEnumerable<CustomAttributeData> own, MemberInfo? context)
        {
            _bytes = Bytes(own, "NullableAttribute") ?? [];
            for (; _bytes.Count == 0 && context is not null; context = context.DeclaringType)
                _bytes = Bytes(context.CustomAttributes, "NullableContextAttribute") ?? [];
        }

        public byte Next() => _bytes.Count == 0 ? (byte)0 : _bytes.Count == 1 ? _bytes[0] : _bytes[_next++];

        private static IReadOnlyList<byte>? Bytes(IEnumerable<CustomAttributeData> attributes, string name) =>
            attributes.FirstOrDefault(attribute => attribute.AttributeType.FullName == "System.Runtime.CompilerServices." + name)?.ConstructorArguments[0].Value switch
            {
                byte one => [one],
                IEnumerable<CustomAttributeTypedArgument> many => [.. many.Select(each => (byte)each.Value!)],
                _ => null,
            };
    }
}
