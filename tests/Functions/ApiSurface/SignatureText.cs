using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DataHealth.Functions.Tests.ApiSurface;

/// <summary>Writes a type's public surface in the words of functions-api.md, one line for the type and one for each member.</summary>
internal static class SignatureText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // The facts leave equality out.
    private static readonly FrozenSet<string> Omitted =
        new[] { "Equals", "GetHashCode", "op_Equality", "op_Inequality", "Deconstruct", "PrintMembers", "<Clone>$" }.ToFrozenSet();

    /// <summary>All lines of a type.</summary>
    public static IEnumerable<string> Lines(Type type)
    {
        yield return ApiFacts.Header(Header(type));
        if (type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage)
            yield return $"[AttributeUsage({usage.ValidOn}, AllowMultiple={usage.AllowMultiple}, Inherited={usage.Inherited})]";
        if (type.IsEnum)
            yield return string.Join(", ", Enum.GetNames(type).Zip(Enum.GetValuesAsUnderlyingType(type).Cast<object>(), (name, value) => $"{name} = {value}"));
        else if (type.IsSubclassOf(typeof(Delegate)))
            yield return "delegate " + Method(type.GetMethod("Invoke")!, type.Name);
        else
        {
            foreach (var line in type.GetMembers(Declared).Select(Line).OfType<string>())
                yield return line;
        }
    }

    /// <summary>The line of a member, or null when it is not visible or not listed.</summary>
    public static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) && !IsGenerated(constructor) =>
            $"{Access(constructor)} {constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor)})",
        MethodInfo { IsSpecialName: true } method when IsVisible(method) && method.Name is "op_Implicit" or "op_Explicit" =>
            $"public static {method.Name[3..].ToLowerInvariant()} operator {NullableText.Of(method.ReturnParameter)}({Parameters((MethodInfo)member)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !IsGenerated(method) && !IsOmitted(method) =>
            Obsolete(method) + Modifiers(method) + Method(method, method.Name),
        PropertyInfo property when Accessors(property) is { Count: > 0 } accessors && property.Name != "EqualityContract" =>
            $"{Obsolete(property)}{Modifiers(accessors[0])}{NullableText.Of(property)} {property.Name} {{ {string.Concat(accessors.Select(a => Accessor(a, accessors[0])))}}}",
        FieldInfo { IsPublic: true, IsLiteral: true } constant => $"public const {NullableText.Of(constant)} {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo { IsPublic: true } field => $"public {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{NullableText.Of(field)} {field.Name}",
        _ => null,
    };

    /// <summary>A type's name with its parameters, without its namespace.</summary>
    public static string Name(Type type)
    {
        var own = type.Name.Split('`')[0] + (type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>" : "");
        return type.IsNested ? $"{Name(type.DeclaringType!)}.{own}" : own;
    }

    public static string Header(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
            return $"public delegate {type.Name.Split('`')[0]}";
        var isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        var kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false) ? "readonly struct" : "struct")
            : (type.IsAbstract, type.IsSealed) switch { (true, true) => "static ", (true, false) => "abstract ", (false, true) => "sealed ", _ => "" }
                + (isRecord ? "record" : "class");
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited).Where(one => one.IsVisible && !(isRecord && one == typeof(IEquatable<>).MakeGenericType(type))).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
            bases.Insert(0, parent);
        var header = $"public {kind} {type.Name.Split('`')[0]}{(type.IsGenericType ? Name(type)[Name(type).IndexOf('<')..] : "")}";
        return bases.Count == 0 || type.IsEnum ? header : $"{header} : {string.Join(", ", bases.Select(NullableText.Plain))}";
    }

    /// <summary>The accessors that are seen from outside, get first.</summary>
    private static List<MethodInfo> Accessors(PropertyInfo property) => [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];

    private static string Accessor(MethodInfo accessor, MethodInfo first)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        var access = Access(accessor) == Access(first) ? "" : Access(accessor) + " ";
        return access + (accessor.ReturnType != typeof(void) ? "get; " : isInit ? "init; " : "set; ");
    }

    private static string Method(MethodInfo method, string name)
    {
        var arguments = method.GetGenericArguments();
        var constraints = string.Concat(arguments.Select(Constraint));
        return $"{NullableText.Of(method.ReturnParameter)} {name}{(arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(argument => argument.Name))}>" : "")}"
            + $"({Parameters(method)}){constraints}";
    }

    private static string Constraint(Type argument)
    {
        List<string> constraints = argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : [];
        constraints.AddRange(argument.GetGenericParameterConstraints().Select(NullableText.Plain));
        return constraints.Count > 0 ? $" where {argument.Name} : {string.Join(", ", constraints)}" : "";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.Position == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "")
        + (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + (parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")
        + $"{NullableText.Of(parameter)} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
            return "";
        return " = " + parameter.RawDefaultValue switch
        {
            null when parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
            null => "null",
            bool value => value ? "true" : "false",
            string value => $"\"{value}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return "";
        var isOverride = method.IsVirtual && method.GetBaseDefinition() != method;
        var inheritance = method.IsAbstract ? "abstract " : isOverride ? (method.IsFinal ? "sealed override " : "override ")
            : method.IsVirtual && !method.IsFinal ? "virtual " : "";
        return $"{Access(method)} {(method.IsStatic ? "static " : "")}{inheritance}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    /// <summary>Whether every record has this member, so that the facts leave it out: copying, comparing and, whether or not somebody wrote one, ToString.</summary>
    public static bool IsOfEveryRecord(MemberInfo member) =>
        member.DeclaringType?.GetMethod("<Clone>$", Declared) is not null && (Omitted.Contains(member.Name) || member.Name == nameof(ToString));

    private static bool IsOmitted(MethodInfo method) => Omitted.Contains(method.Name) || IsOfEveryRecord(method);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsGenerated(MethodBase method) => method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Obsolete(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute), inherit: false) ? "[Obsolete] " : "";
}
